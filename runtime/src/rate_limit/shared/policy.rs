//! How the registry sees a limit that is shared through a store.

use super::SharedLimit;
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    rate_limit::{RateLimitConfig, options},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for SharedLimit {
    const ATTRIBUTE: &'static str = "rate_limit";
    const KIND: &'static str = "shared_rate_limit";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = RateLimitConfig;
    const OPTIONS: &'static [Opt<RateLimitConfig>] = options::OF_STORES;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn live(&self) -> Option<&Live<RateLimitConfig>> {
        Some(&self.live)
    }

    fn defaults(code: &RateLimitConfig) -> Option<RateLimitConfig> {
        Some(RateLimitConfig::new(code.rate()))
    }

    fn check_config(config: &RateLimitConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn describe_config(&self) -> String {
        let config = self.config();
        format!("{config} in a store, on_store_error {}", config.on_failure())
    }

    fn describe_state(&self) -> String {
        let (admitted, rejected) = (self.admitted_count(), self.rejected_count());
        let failing = if self.is_failing() { ", the store fails" } else { "" };
        format!("{admitted} admitted here, {rejected} refused{failing}")
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("permitted", self.admitted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::Count("store_failures", self.store_failure_count()));
        give(Reading::level("waiting", self.waiting()));
        give(Reading::level("failing", u8::from(self.is_failing())));
    }

    /// The tokens in the store stay as they are: they are those of other processes, too.
    fn reset(&self) {
        self.local.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<SharedLimit> = Shelf::new();
        &SHELF
    }
}
