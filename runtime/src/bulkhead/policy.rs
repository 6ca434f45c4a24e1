use super::{Bulkhead, BulkheadConfig};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for Bulkhead {
    const ATTRIBUTE: &'static str = "bulkhead";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = BulkheadConfig;
    const OPTIONS: &'static [Opt<BulkheadConfig>] = BulkheadConfig::OPTIONS;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn live(&self) -> Option<&Live<BulkheadConfig>> {
        Some(&self.live)
    }

    fn defaults(code: &BulkheadConfig) -> Option<BulkheadConfig> {
        Some(BulkheadConfig::new(code.limit()))
    }

    fn check_config(config: &BulkheadConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        format!("{} of {} in flight, {} waiting", self.in_flight(), self.limit(), self.waiting())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("permitted", self.admitted_count()));
        give(Reading::Count("rejected", self.rejected_count()));
        give(Reading::level("running", self.in_flight()));
        give(Reading::level("waiting", self.waiting()));
        give(Reading::level("limit", self.limit()));
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Bulkhead> = Shelf::new();
        &SHELF
    }
}
