use std::{fmt, time::Duration};

use super::{KeyedCall, Kind, Stored};
use crate::{Name, store::StoreError};

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
    /// The deadline around the call has passed: it was not begun, or was cut off where it waited although its own time was not
    /// up. See [`deadline`](crate::deadline).
    #[non_exhaustive]
    DeadlineExceeded {
        /// The policy of the call; `deadline` where it has none.
        policy: Name,
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
    /// A call under this key has completed before, and duplicates are errors here.
    #[non_exhaustive]
    Duplicate {
        /// The idempotency policy.
        policy: Name,
        /// That call: its key and what it gave.
        call: KeyedCall,
    },
    /// A call under this key is running.
    #[non_exhaustive]
    InFlight {
        /// The idempotency policy.
        policy: Name,
        /// That call: its key, and when its lease runs out.
        call: KeyedCall,
    },
    /// The key has been used for another payload.
    #[non_exhaustive]
    KeyReused {
        /// The idempotency policy.
        policy: Name,
        /// The call that used it.
        call: KeyedCall,
    },
    /// The policy's store could not answer, and nothing ran.
    #[non_exhaustive]
    Store {
        /// The policy.
        policy: Name,
        /// What happened.
        error: StoreError,
    },
    /// The function ran, now or in an earlier call, and what it gave could not be recorded or cannot be read: its effect stands.
    /// Where the store could not be told, a call under the same key may repeat it.
    #[non_exhaustive]
    Unrecorded {
        /// The policy.
        policy: Name,
        /// The call.
        call: KeyedCall,
        /// What happened.
        error: StoreError,
    },
    /// The call failed on purpose: somebody switched on the faults of `#[chaos]`. It stands for the dependency's own error, and
    /// counts as one.
    #[non_exhaustive]
    Injected {
        /// The chaos policy.
        policy: Name,
        /// The number of the call since it was switched on, the first being 1.
        call: u64,
    },
    /// As many calls as what they call can take are in flight, by what has been measured.
    #[non_exhaustive]
    ConcurrencyLimited {
        /// The adaptive limit.
        policy: Name,
        /// How many calls may be in flight now.
        limit: u32,
    },
    /// The server rejects so many calls that this one was not sent.
    #[non_exhaustive]
    ClientThrottled {
        /// The throttle.
        policy: Name,
    },
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

    /// A call whose deadline has passed.
    pub fn deadline_exceeded(policy: impl Into<Name>) -> Self {
        Self::DeadlineExceeded { policy: policy.into() }
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

    /// A call that completed before under `key`, with what it gave.
    pub fn duplicate(policy: impl Into<Name>, key: impl Into<Box<str>>, stored: Stored) -> Self {
        Self::Duplicate { policy: policy.into(), call: KeyedCall::completed(key, stored) }
    }

    /// A call that runs under `key`, with a lease of `retry_after`.
    pub fn in_flight(
        policy: impl Into<Name>,
        key: impl Into<Box<str>>,
        retry_after: Option<Duration>,
    ) -> Self {
        Self::InFlight { policy: policy.into(), call: KeyedCall::running(key, retry_after) }
    }

    /// A key that stands for another payload.
    pub fn key_reused(policy: impl Into<Name>, key: impl Into<Box<str>>) -> Self {
        Self::KeyReused { policy: policy.into(), call: KeyedCall::under(key) }
    }

    /// A store that could not answer before anything ran.
    pub fn store(policy: impl Into<Name>, error: StoreError) -> Self {
        Self::Store { policy: policy.into(), error }
    }

    /// A store that could not be told what ran under `key`.
    pub fn unrecorded(policy: impl Into<Name>, key: impl Into<Box<str>>, error: StoreError) -> Self {
        Self::Unrecorded { policy: policy.into(), call: KeyedCall::under(key), error }
    }

    /// A call that fails on purpose.
    pub fn injected(policy: impl Into<Name>, call: u64) -> Self {
        Self::Injected { policy: policy.into(), call }
    }

    /// A refusal by an adaptive limit.
    pub fn concurrency_limited(policy: impl Into<Name>, limit: u32) -> Self {
        Self::ConcurrencyLimited { policy: policy.into(), limit }
    }

    /// A refusal by a throttle.
    pub fn client_throttled(policy: impl Into<Name>) -> Self {
        Self::ClientThrottled { policy: policy.into() }
    }

    /// The name of the policy that refused.
    pub fn policy(&self) -> &str {
        match self {
            Self::CircuitOpen { policy, .. }
            | Self::TimedOut { policy, .. }
            | Self::DeadlineExceeded { policy, .. }
            | Self::RateLimited { policy, .. }
            | Self::ExceedsBurst { policy, .. }
            | Self::BulkheadFull { policy, .. }
            | Self::Duplicate { policy, .. }
            | Self::InFlight { policy, .. }
            | Self::KeyReused { policy, .. }
            | Self::Store { policy, .. }
            | Self::Unrecorded { policy, .. }
            | Self::Injected { policy, .. }
            | Self::ConcurrencyLimited { policy, .. }
            | Self::ClientThrottled { policy, .. } => policy.as_str(),
        }
    }

    /// What kind of refusal it is.
    #[inline]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::CircuitOpen { .. } => Kind::CircuitOpen,
            Self::TimedOut { .. } => Kind::TimedOut,
            Self::DeadlineExceeded { .. } => Kind::DeadlineExceeded,
            Self::RateLimited { .. } => Kind::RateLimited,
            Self::ExceedsBurst { .. } => Kind::ExceedsBurst,
            Self::BulkheadFull { .. } => Kind::BulkheadFull,
            Self::Duplicate { .. } => Kind::Duplicate,
            Self::InFlight { .. } => Kind::InFlight,
            Self::KeyReused { .. } => Kind::KeyReused,
            Self::Store { .. } => Kind::Store,
            Self::Unrecorded { .. } => Kind::Unrecorded,
            Self::Injected { .. } => Kind::Injected,
            Self::ConcurrencyLimited { .. } => Kind::ConcurrencyLimited,
            Self::ClientThrottled { .. } => Kind::ClientThrottled,
        }
    }

    /// How long to wait before another call has a chance, where the policy knows. An HTTP service sends it as
    /// `Retry-After`.
    #[inline]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::CircuitOpen { retry_after, .. } => *retry_after,
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            Self::InFlight { call, .. } => call.lease_left(),
            _ => None,
        }
    }

    /// What the earlier call gave, where this is an [`Error::Duplicate`] of a function that returns a `T` when it succeeds.
    ///
    /// ```
    /// use mainstay_runtime::{Error, Stored};
    ///
    /// let error = Error::duplicate("transfers", "t-1", Stored::new("receipt 7".to_owned()));
    /// assert_eq!(error.stored::<String>().map(String::as_str), Some("receipt 7"));
    /// assert_eq!(error.stored::<u64>(), None);
    /// ```
    pub fn stored<T: 'static>(&self) -> Option<&T> {
        match self {
            Self::Duplicate { call, .. } => call.stored(),
            _ => None,
        }
    }

    /// The idempotency key, where the refusal is about one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Duplicate { call, .. }
            | Self::InFlight { call, .. }
            | Self::KeyReused { call, .. }
            | Self::Unrecorded { call, .. } => Some(call.key()),
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
            Self::DeadlineExceeded { policy } => {
                write!(f, "`{policy}`: the deadline of the call has passed")
            }
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
            Self::Duplicate { policy, call } => {
                write!(f, "`{policy}` has already completed a call under the key {:?}", call.key())
            }
            Self::InFlight { policy, call } => {
                write!(f, "`{policy}` is running a call under the key {:?}", call.key())
            }
            Self::KeyReused { policy, call } => {
                let key = call.key();
                write!(
                    f,
                    "`{policy}` has seen the key {key:?} with another payload: a new request needs a new key"
                )
            }
            Self::Store { policy, error } => write!(f, "`{policy}` did not run: {error}"),
            Self::Unrecorded { policy, call, error } => {
                let key = call.key();
                write!(f, "`{policy}` ran under the key {key:?}, but what it gave is not recorded: {error}")
            }
            Self::Injected { policy, call } => write!(f, "chaos `{policy}` made call {call} fail"),
            Self::ConcurrencyLimited { policy, limit } => {
                let calls = if *limit == 1 { "call" } else { "calls" };
                write!(f, "adaptive limit `{policy}` is reached: it is at {limit} {calls} in flight now")
            }
            Self::ClientThrottled { policy } => {
                write!(f, "throttle `{policy}` did not send the call: the server rejects too many")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store { error, .. } | Self::Unrecorded { error, .. } => Some(error),
            _ => None,
        }
    }
}
