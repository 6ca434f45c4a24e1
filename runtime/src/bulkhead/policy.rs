use super::Bulkhead;
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for Bulkhead {
    const ATTRIBUTE: &'static str = "bulkhead";

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
        format!("{} of {} in flight, {} waiting", self.in_flight(), self.limit(), self.waiting())
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Bulkhead> = Shelf::new();
        &SHELF
    }
}
