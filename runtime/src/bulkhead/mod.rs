//! Skeleton.
#![allow(missing_docs)]
use crate::{
    ConfigError, Name,
    registry::{Policy, Shelf},
};

#[derive(Debug)]
pub struct Bulkhead {
    name: Name,
}
impl Policy for Bulkhead {
    const ATTRIBUTE: &'static str = "bulkhead";
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
        static SHELF: Shelf<Bulkhead> = Shelf::new();
        &SHELF
    }
}
#[allow(unused)]
type Unused = ConfigError;
