use super::Idempotency;
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for Idempotency {
    const ATTRIBUTE: &'static str = "idempotent";

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config() == other.config()
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

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Idempotency> = Shelf::new();
        &SHELF
    }
}
