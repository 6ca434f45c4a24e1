use std::fmt;

#[cfg(doc)]
use super::Error;

/// An [`Error`] without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// See [`Error::CircuitOpen`].
    CircuitOpen,
    /// See [`Error::TimedOut`].
    TimedOut,
    /// See [`Error::DeadlineExceeded`].
    DeadlineExceeded,
    /// See [`Error::RateLimited`].
    RateLimited,
    /// See [`Error::ExceedsBurst`].
    ExceedsBurst,
    /// See [`Error::BulkheadFull`].
    BulkheadFull,
    /// See [`Error::Duplicate`].
    Duplicate,
    /// See [`Error::InFlight`].
    InFlight,
    /// See [`Error::KeyReused`].
    KeyReused,
    /// See [`Error::Store`].
    Store,
    /// See [`Error::Unrecorded`].
    Unrecorded,
    /// See [`Error::Injected`].
    Injected,
    /// See [`Error::ConcurrencyLimited`].
    ConcurrencyLimited,
    /// See [`Error::ClientThrottled`].
    ClientThrottled,
}

impl Kind {
    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CircuitOpen => "circuit_open",
            Self::TimedOut => "timed_out",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::RateLimited => "rate_limited",
            Self::ExceedsBurst => "exceeds_burst",
            Self::BulkheadFull => "bulkhead_full",
            Self::Duplicate => "duplicate",
            Self::InFlight => "in_flight",
            Self::KeyReused => "key_reused",
            Self::Store => "store",
            Self::Unrecorded => "unrecorded",
            Self::Injected => "injected",
            Self::ConcurrencyLimited => "concurrency_limited",
            Self::ClientThrottled => "client_throttled",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
