use super::{Idempotency, IdempotencyConfig};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt, Switch},
    registry::{Policy, Reading, Shelf},
};

impl Policy for Idempotency {
    const ATTRIBUTE: &'static str = "idempotent";
    type Config = IdempotencyConfig;
    const OPTIONS: &'static [Opt<IdempotencyConfig>] = IdempotencyConfig::OPTIONS;
    const SWITCH: Switch = Switch::Never;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn live(&self) -> Option<&Live<IdempotencyConfig>> {
        Some(&self.live)
    }

    fn defaults(_code: &IdempotencyConfig) -> Option<IdempotencyConfig> {
        Some(IdempotencyConfig::new())
    }

    fn check_config(config: &IdempotencyConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        format!(
            "{} run, {} replayed, {} refused, {} keys in memory",
            self.run_count(),
            self.replayed_count(),
            self.refused_count(),
            self.len()
        )
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("run", self.run_count()));
        give(Reading::Count("replayed", self.replayed_count()));
        give(Reading::Count("rejected", self.refused_count()));
        give(Reading::Count("took_over", self.took_over_count()));
        give(Reading::Count("late", self.late_count()));
        give(Reading::Level("keys", self.len() as f64));
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Idempotency> = Shelf::new();
        &SHELF
    }
}
