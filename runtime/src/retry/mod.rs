//! Skeleton.
#![allow(missing_docs)]
use crate::{
    ConfigError, Name,
    registry::{Policy, Shelf},
};

#[derive(Debug)]
pub struct Retry {
    name: Name,
}
impl Policy for Retry {
    const ATTRIBUTE: &'static str = "retry";
    fn name(&self) -> &Name {
        &self.name
    }
    fn same_config(&self, _: &Self) -> bool {
        true
    }
    fn describe_config(&self) -> String {
        String::new()
    }
    fn describe_state(&self) -> String {
        String::new()
    }
    fn reset(&self) {}
    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Retry> = Shelf::new();
        &SHELF
    }
}
#[allow(unused)]
type Unused = ConfigError;
