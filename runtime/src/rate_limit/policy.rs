//! How the registry sees a limiter, and one with a key.

use super::{KeyedRateLimiter, RateLimitConfig, RateLimiter, follow::Follows, options};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for RateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = RateLimitConfig;
    const OPTIONS: &'static [Opt<RateLimitConfig>] = options::OF_ONE;

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
        self.follow(*self.live.get());
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        match self.waiting() {
            0 => format!("{:.1} tokens", self.available_tokens()),
            waiting => format!("{:.1} tokens, {waiting} waiting", self.available_tokens()),
        }
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("permitted", self.admitted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::level("waiting", self.waiting()));
        give(Reading::Level("tokens", self.available_tokens()));
        give(Reading::level("burst", self.config().burst_tokens()));
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<RateLimiter> = Shelf::new();
        &SHELF
    }
}

impl Policy for KeyedRateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";
    const KIND: &'static str = "keyed_rate_limit";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = RateLimitConfig;
    const OPTIONS: &'static [Opt<RateLimitConfig>] = options::OF_KEYS;

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
        self.follow(*self.live.get());
    }

    fn describe_config(&self) -> String {
        format!("{} per key", self.config())
    }

    fn describe_state(&self) -> String {
        format!("{} keys", self.len())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("permitted", self.admitted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::size("keys", self.len()));
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<KeyedRateLimiter> = Shelf::new();
        &SHELF
    }
}
