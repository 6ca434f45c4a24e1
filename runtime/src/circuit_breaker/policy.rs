//! How the registry sees the breakers.

use super::{CircuitBreaker, KeyedCircuitBreaker, State};
use crate::{
    Name,
    registry::{Policy, Shelf},
};

impl Policy for CircuitBreaker {
    const ATTRIBUTE: &'static str = "circuit_breaker";

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config().spelt_out().max_keys(1) == other.config().spelt_out().max_keys(1)
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        let counts = self.counts();
        let mut text = match self.observed_state() {
            observed if counts.state == State::ObserveOnly => format!("{} ({observed})", counts.state),
            _ => counts.state.to_string(),
        };
        if let Some(left) = counts.time_left {
            text += &format!(" for {left:?}");
        }
        text + &format!(
            ", {} succeeded, {} failed ({} in a row), {} ignored, {} refused",
            counts.success_count,
            counts.failure_count,
            counts.consecutive_failures,
            counts.ignored_count,
            counts.rejected_count,
        )
    }

    fn reset(&self) {
        CircuitBreaker::reset(self);
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<CircuitBreaker> = Shelf::new();
        &SHELF
    }
}

impl Policy for KeyedCircuitBreaker {
    const ATTRIBUTE: &'static str = "circuit_breaker";

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config().spelt_out() == other.config().spelt_out()
    }

    fn describe_config(&self) -> String {
        format!("{}, max_keys = {}", self.config(), self.config().max_keys)
    }

    fn describe_state(&self) -> String {
        let states = self.states();
        let refusing = states
            .iter()
            .filter(|state| !matches!(state, State::Closed | State::Disabled | State::ObserveOnly));
        format!("{} keys, {} of them not closed", states.len(), refusing.count())
    }

    fn reset(&self) {
        KeyedCircuitBreaker::reset(self);
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<KeyedCircuitBreaker> = Shelf::new();
        &SHELF
    }
}
