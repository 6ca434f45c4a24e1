use std::{fmt, time::Duration};

use crate::Name;

/// Why a policy refused or cut off a call.
///
/// An annotated function's error type is `From<mainstay::Error>`; that is how it hears of these.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The circuit breaker is open, or half-open with all its probes in flight.
    #[non_exhaustive]
    CircuitOpen {
        /// The breaker.
        policy: Name,
        /// The time until it lets a probe through; `None` where only an event can tell.
        retry_after: Option<Duration>,
    },
    /// The call did not finish in time.
    #[non_exhaustive]
    TimedOut {
        /// The time limit's name.
        policy: Name,
        /// How long the call was given.
        limit: Duration,
    },
    /// The rate limit has no tokens left.
    #[non_exhaustive]
    RateLimited {
        /// The limiter.
        policy: Name,
        /// When the tokens asked for will be there, if nobody else takes them.
        retry_after: Duration,
    },
    /// More tokens were asked for than the limiter can ever hold: waiting would not help.
    #[non_exhaustive]
    ExceedsBurst {
        /// The limiter.
        policy: Name,
        /// The tokens asked for.
        tokens: f64,
        /// The most that can be had at once.
        burst: f64,
    },
    /// As many calls as permitted are in flight, and the queue is full or the wait was up.
    #[non_exhaustive]
    BulkheadFull {
        /// The bulkhead.
        policy: Name,
        /// How many calls may be in flight.
        limit: u32,
    },
}

/// An [`Error`] without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// See [`Error::CircuitOpen`].
    CircuitOpen,
    /// See [`Error::TimedOut`].
    TimedOut,
    /// See [`Error::RateLimited`].
    RateLimited,
    /// See [`Error::ExceedsBurst`].
    ExceedsBurst,
    /// See [`Error::BulkheadFull`].
    BulkheadFull,
}

impl Kind {
    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CircuitOpen => "circuit_open",
            Self::TimedOut => "timed_out",
            Self::RateLimited => "rate_limited",
            Self::ExceedsBurst => "exceeds_burst",
            Self::BulkheadFull => "bulkhead_full",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error {
    /// A refusal by an open circuit breaker.
    pub fn circuit_open(policy: impl Into<Name>, retry_after: Option<Duration>) -> Self {
        Self::CircuitOpen { policy: policy.into(), retry_after }
    }

    /// A call cut off after `limit`.
    pub fn timed_out(policy: impl Into<Name>, limit: Duration) -> Self {
        Self::TimedOut { policy: policy.into(), limit }
    }

    /// A refusal by a rate limit that will have the tokens after `retry_after`.
    pub fn rate_limited(policy: impl Into<Name>, retry_after: Duration) -> Self {
        Self::RateLimited { policy: policy.into(), retry_after }
    }

    /// A request for more tokens than the limiter can hold.
    pub fn exceeds_burst(policy: impl Into<Name>, tokens: f64, burst: f64) -> Self {
        Self::ExceedsBurst { policy: policy.into(), tokens, burst }
    }

    /// A refusal by a full bulkhead.
    pub fn bulkhead_full(policy: impl Into<Name>, limit: u32) -> Self {
        Self::BulkheadFull { policy: policy.into(), limit }
    }

    /// The name of the policy that refused.
    pub fn policy(&self) -> &str {
        match self {
            Self::CircuitOpen { policy, .. }
            | Self::TimedOut { policy, .. }
            | Self::RateLimited { policy, .. }
            | Self::ExceedsBurst { policy, .. }
            | Self::BulkheadFull { policy, .. } => policy.as_str(),
        }
    }

    /// What kind of refusal it is.
    #[inline]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::CircuitOpen { .. } => Kind::CircuitOpen,
            Self::TimedOut { .. } => Kind::TimedOut,
            Self::RateLimited { .. } => Kind::RateLimited,
            Self::ExceedsBurst { .. } => Kind::ExceedsBurst,
            Self::BulkheadFull { .. } => Kind::BulkheadFull,
        }
    }

    /// How long to wait before another call has a chance, where the policy knows. An HTTP service sends it as
    /// `Retry-After`.
    #[inline]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::CircuitOpen { retry_after, .. } => *retry_after,
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CircuitOpen { policy, retry_after: Some(wait) } => {
                write!(f, "circuit breaker `{policy}` is open for another {wait:?}")
            }
            Self::CircuitOpen { policy, retry_after: None } => {
                write!(f, "circuit breaker `{policy}` is open")
            }
            Self::TimedOut { policy, limit } => write!(f, "`{policy}` timed out after {limit:?}"),
            Self::RateLimited { policy, retry_after } => {
                write!(f, "rate limit `{policy}` reached, retry after {retry_after:?}")
            }
            Self::ExceedsBurst { policy, tokens, burst } => {
                write!(f, "rate limit `{policy}` never holds {tokens} tokens, its burst is {burst}")
            }
            Self::BulkheadFull { policy, limit } => {
                let calls = if *limit == 1 { "call is" } else { "calls are" };
                write!(f, "bulkhead `{policy}` is full: {limit} {calls} in flight")
            }
        }
    }
}

impl std::error::Error for Error {}
