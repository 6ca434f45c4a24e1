//! How the registry sees a limit that is shared through a store.

use super::SharedLimit;
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for SharedLimit {
    const ATTRIBUTE: &'static str = "rate_limit";

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config == other.config
    }

    fn describe_config(&self) -> String {
        format!("{} in a store, on_store_error {}", self.config, self.config.on_failure())
    }

    fn describe_state(&self) -> String {
        let (admitted, rejected) = (self.admitted_count(), self.rejected_count());
        let failing = if self.is_failing() { ", the store fails" } else { "" };
        format!("{admitted} admitted here, {rejected} refused{failing}")
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
