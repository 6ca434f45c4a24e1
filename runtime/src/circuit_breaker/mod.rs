//! Skeleton.
#![allow(missing_docs)]
use crate::{
    ConfigError, Name,
    registry::{Policy, Shelf},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Closed,
    Open,
    HalfOpen,
    Disabled,
    ForcedOpen,
    ObserveOnly,
}
impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::Disabled => "disabled",
            Self::ForcedOpen => "forced_open",
            Self::ObserveOnly => "observe_only",
        })
    }
}

#[derive(Debug)]
pub struct CircuitBreaker {
    name: Name,
}
impl Policy for CircuitBreaker {
    const ATTRIBUTE: &'static str = "circuit_breaker";
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
        static SHELF: Shelf<CircuitBreaker> = Shelf::new();
        &SHELF
    }
}

#[derive(Debug)]
pub struct KeyedCircuitBreaker {
    name: Name,
}
impl Policy for KeyedCircuitBreaker {
    const ATTRIBUTE: &'static str = "circuit_breaker";
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
        static SHELF: Shelf<KeyedCircuitBreaker> = Shelf::new();
        &SHELF
    }
}
#[allow(unused)]
type Unused = ConfigError;
