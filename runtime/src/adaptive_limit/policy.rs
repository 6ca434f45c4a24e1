use super::{AdaptiveLimit, AdaptiveLimitConfig, options::OPTIONS};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for AdaptiveLimit {
    const ATTRIBUTE: &'static str = "adaptive_limit";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = AdaptiveLimitConfig;
    const OPTIONS: &'static [Opt<Self::Config>] = OPTIONS;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live().code() == other.live().code()
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        let (latency, baseline) = (self.latency(), self.baseline());
        format!("{} of {} in flight, {latency:.1?} over {baseline:.1?}", self.in_flight(), self.limit())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("permitted", self.admitted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::Count("overloads", self.overload_count()));
        give(Reading::level("running", self.in_flight()));
        give(Reading::level("limit", self.limit()));
        give(Reading::level("latency_seconds", self.latency().as_secs_f64()));
        give(Reading::level("baseline_seconds", self.baseline().as_secs_f64()));
        give(Reading::level("gradient", self.gradient()));
    }

    fn live(&self) -> Option<&Live<Self::Config>> {
        Some(self.live())
    }

    fn defaults(_code: &Self::Config) -> Option<Self::Config> {
        Some(AdaptiveLimitConfig::new())
    }

    fn check_config(config: &Self::Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<AdaptiveLimit> = Shelf::new();
        &SHELF
    }
}
