//! Policies as checks.

use super::{CheckOptions, Health, HealthCheck, HealthStatus, LocalCheck};
use crate::{
    Name,
    circuit_breaker::{CircuitBreaker, State},
    registry::policies,
};

/// The state of a circuit breaker: while it is open, the service is degraded, unless told otherwise.
///
/// ```
/// use mainstay_runtime::{circuit_breaker::CircuitBreaker, health::{Breaker, HealthChecker, HealthStatus, Probe}};
///
/// # let _still = mainstay_runtime::clock::ManualClock::new().install();
/// let payments = CircuitBreaker::builder().register("docs.health.payments")?;
/// let checker = HealthChecker::new("shop");
/// checker.add_as("payments", Breaker::named("docs.health.payments"));
///
/// payments.force_open();
/// assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Degraded);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Breaker(Name);

impl Breaker {
    /// The one of that name, which need not be there yet.
    pub fn named(name: impl Into<Name>) -> Self {
        Self(name.into())
    }
}

impl HealthCheck for Breaker {
    async fn check(&self) -> Health {
        match policies().circuit_breaker(self.0.as_str()) {
            Some(breaker) => state(breaker),
            None => Health::unhealthy(format!("there is no circuit breaker `{}`", self.0)),
        }
    }

    fn options() -> CheckOptions {
        degraded()
    }
}

impl LocalCheck for Breaker {}

/// All circuit breakers that have a name: while any is open, the service is degraded, unless told otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub struct Breakers;

impl HealthCheck for Breakers {
    async fn check(&self) -> Health {
        let all = policies().circuit_breakers();
        let open: Vec<&str> =
            all.iter().filter(|breaker| is_open(breaker)).map(|breaker| breaker.name()).collect();
        let health = match open.as_slice() {
            [] => Health::healthy(),
            [one] => Health::unhealthy(format!("circuit breaker `{one}` is open")),
            many => Health::unhealthy(format!("circuit breakers are open: {}", many.join(", "))),
        };
        health.with("open", open.len()).with("all", all.len())
    }

    fn name() -> std::borrow::Cow<'static, str> {
        "circuit_breakers".into()
    }

    fn options() -> CheckOptions {
        degraded()
    }
}

impl LocalCheck for Breakers {}

/// Asked for by readiness alone: restarting the service mends nobody else's.
const fn degraded() -> CheckOptions {
    CheckOptions::new().ready().on_fail(HealthStatus::Degraded)
}

fn is_open(breaker: &CircuitBreaker) -> bool {
    matches!(breaker.state(), State::Open | State::ForcedOpen)
}

fn state(breaker: &CircuitBreaker) -> Health {
    let state = breaker.state().to_string();
    let health = match is_open(breaker) {
        true => Health::unhealthy(format!("circuit breaker `{}` is {state}", breaker.name())),
        false => Health::healthy(),
    };
    health.with("state", state)
}
