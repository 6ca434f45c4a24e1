use super::{Throttle, ThrottleConfig, options::OPTIONS};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for Throttle {
    const ATTRIBUTE: &'static str = "throttle";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = ThrottleConfig;
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
        format!("refuses {:.0} % of the calls", 100.0 * self.rejection_rate())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("accepted", self.accepted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::Count("throttled", self.refused_count()));
        give(Reading::level("rejection_rate", self.rejection_rate()));
    }

    fn live(&self) -> Option<&Live<Self::Config>> {
        Some(self.live())
    }

    fn defaults(_code: &Self::Config) -> Option<Self::Config> {
        Some(ThrottleConfig::new())
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
        static SHELF: Shelf<Throttle> = Shelf::new();
        &SHELF
    }
}
