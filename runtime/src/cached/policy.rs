use super::Cache;
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for Cache {
    const ATTRIBUTE: &'static str = "cached";

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
        format!("{} kept, {} hits, {} misses", self.len(), self.hits(), self.misses())
    }

    fn reset(&self) {
        self.clear();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Cache> = Shelf::new();
        &SHELF
    }
}
