//! Skeleton.
#![allow(missing_docs)]
use crate::{
    ConfigError, Name,
    registry::{Policy, Shelf},
};

#[derive(Debug)]
pub struct RateLimiter {
    name: Name,
}
impl Policy for RateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";
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
        static SHELF: Shelf<RateLimiter> = Shelf::new();
        &SHELF
    }
}

#[derive(Debug)]
pub struct KeyedRateLimiter {
    name: Name,
}
impl Policy for KeyedRateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";
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
        static SHELF: Shelf<KeyedRateLimiter> = Shelf::new();
        &SHELF
    }
}
#[allow(unused)]
type Unused = ConfigError;
