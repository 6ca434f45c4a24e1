//! How the registry sees the breakers.

use super::{Change, CircuitBreaker, CircuitBreakerConfig, KeyedCircuitBreaker, State, options};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for CircuitBreaker {
    const ATTRIBUTE: &'static str = "circuit_breaker";
    const ORDERS: &'static [Order] = &Order::ALL;
    type Config = CircuitBreakerConfig;
    const OPTIONS: &'static [Opt<CircuitBreakerConfig>] = options::OF_ONE;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.source.live().code().spelt_out().max_keys(1)
            == other.source.live().code().spelt_out().max_keys(1)
    }

    fn live(&self) -> Option<&Live<CircuitBreakerConfig>> {
        Some(self.source.live())
    }

    fn defaults(_code: &CircuitBreakerConfig) -> Option<CircuitBreakerConfig> {
        Some(CircuitBreakerConfig::new())
    }

    fn check_config(config: &CircuitBreakerConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        CircuitBreaker::changed(self);
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

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        let counts = self.counts();
        give(Reading::Count("success", counts.success_count));
        give(Reading::Count("failure", counts.failure_count));
        give(Reading::Count("ignored", counts.ignored_count));
        give(Reading::Count("rejected", counts.rejected_count));
        give(Reading::Count("opened", self.opened_count()));
        give(Reading::level("consecutive_failures", counts.consecutive_failures));
        give(Reading::Level("window_total", counts.window_total as f64));
        give(Reading::Level("window_failures", counts.window_failures as f64));
        give(Reading::Level("seconds_left", counts.time_left.map_or(0.0, |left| left.as_secs_f64())));
        for (name, state) in [
            ("open_seconds", State::Open),
            ("half_open_seconds", State::HalfOpen),
            ("forced_open_seconds", State::ForcedOpen),
        ] {
            give(Reading::Level(name, self.time_in(state).as_secs_f64()));
        }
    }

    fn phase(&self) -> Option<&'static str> {
        Some(self.state().as_str())
    }

    fn changes(&self) -> Vec<Change> {
        CircuitBreaker::changes(self)
    }

    fn obey(&self, order: Order) {
        match order {
            Order::ForceOpen => self.force_open(),
            Order::Close => self.close(),
            Order::Disable => self.disable(),
            Order::ObserveOnly => self.observe_only(),
            Order::Enable => self.resume(),
            Order::Reset => CircuitBreaker::reset(self),
        }
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
    const KIND: &'static str = "keyed_circuit_breaker";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = CircuitBreakerConfig;
    const OPTIONS: &'static [Opt<CircuitBreakerConfig>] = options::OF_KEYS;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        KeyedCircuitBreaker::live(self).code().spelt_out()
            == KeyedCircuitBreaker::live(other).code().spelt_out()
    }

    fn live(&self) -> Option<&Live<CircuitBreakerConfig>> {
        Some(KeyedCircuitBreaker::live(self))
    }

    fn defaults(_code: &CircuitBreakerConfig) -> Option<CircuitBreakerConfig> {
        Some(CircuitBreakerConfig::new())
    }

    fn check_config(config: &CircuitBreakerConfig) -> Result<(), ConfigError> {
        config.check_keyed()
    }

    fn changed(&self) {
        self.follow();
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

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        let states = self.states();
        let count = |wanted| states.iter().filter(|state| **state == wanted).count();
        give(Reading::size("keys", states.len()));
        give(Reading::size("open", count(State::Open)));
        give(Reading::size("half_open", count(State::HalfOpen)));
    }

    fn reset(&self) {
        KeyedCircuitBreaker::reset(self);
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<KeyedCircuitBreaker> = Shelf::new();
        &SHELF
    }
}
