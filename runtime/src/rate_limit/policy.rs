//! How the registry sees a limiter.

use super::RateLimiter;
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for RateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config == other.config
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        match self.waiting() {
            0 => format!("{:.1} tokens", self.available_tokens()),
            waiting => format!("{:.1} tokens, {waiting} waiting", self.available_tokens()),
        }
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<RateLimiter> = Shelf::new();
        &SHELF
    }
}
