//! The error of all tests here.

use std::time::Duration;

use mainstay::{Classify, Kind};
use mainstay_testkit::{Script, Step};

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error("declined")]
    #[permanent]
    Declined,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

impl Failure {
    /// Which policy's kind of refusal it is, if it is one.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Policy(refusal) => Some(refusal.kind()),
            _ => None,
        }
    }
}

pub(crate) type Answer<T = u32> = Result<T, Failure>;
pub(crate) type Upstream = Script<u32, Failure>;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Fails so often, then answers 7.
pub(crate) fn failing(times: u64) -> Upstream {
    Script::steps().times(times, Step::fail(Failure::Reset)).forever(Step::ok(7))
}

pub(crate) fn down() -> Upstream {
    Script::always(Step::fail(Failure::Reset))
}

/// What kind of refusal an answer is.
pub(crate) fn kind<T>(answer: &Answer<T>) -> Option<Kind> {
    answer.as_ref().err().and_then(Failure::kind)
}

pub(crate) fn breaker(name: &str) -> &'static mainstay::circuit_breaker::CircuitBreaker {
    mainstay::policies().circuit_breaker(name).unwrap()
}

pub(crate) fn bulkhead(name: &str) -> &'static mainstay::bulkhead::Bulkhead {
    mainstay::policies().bulkhead(name).unwrap()
}

pub(crate) fn limiter(name: &str) -> &'static mainstay::rate_limit::RateLimiter {
    mainstay::policies().rate_limiter(name).unwrap()
}
