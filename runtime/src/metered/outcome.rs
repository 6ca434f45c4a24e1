use std::{borrow::Cow, fmt};

use crate::{Kind, classify::Class, metrics::LabelValue};

/// How a metered call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// With a value.
    Ok,
    /// With an error of its own.
    Error(ErrorType),
    /// It was cut off, because its time was up.
    Timeout,
    /// A policy did not let it run.
    Rejected(Kind),
    /// It was dropped before it was done.
    Cancelled,
    /// With a panic.
    Panic,
}

/// What kind of error a call ended with: its class, or what a policy had to say after it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ErrorWord {
    Transient,
    Permanent,
    Throttled,
    Ignored,
    Unrecorded,
}

/// What kind of error a call ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorType(ErrorWord);

/// The words of outcomes, in the order of their counts.
pub(super) const OUTCOMES: [&str; 6] = ["ok", "error", "timeout", "rejected", "cancelled", "panic"];

/// The words of the kinds of errors, in the order of their counts.
pub(super) const ERROR_TYPES: [&str; 17] = [
    "transient",
    "permanent",
    "throttled",
    "ignored",
    "unrecorded",
    "timed_out",
    "circuit_open",
    "rate_limited",
    "exceeds_burst",
    "bulkhead_full",
    "duplicate",
    "in_flight",
    "key_reused",
    "store",
    "deadline_exceeded",
    "concurrency_limited",
    "client_throttled",
];

impl Outcome {
    /// An error of that class.
    pub const fn error(class: Class) -> Self {
        Self::Error(ErrorType(match class {
            Class::Transient => ErrorWord::Transient,
            Class::Permanent => ErrorWord::Permanent,
            Class::Throttled { .. } => ErrorWord::Throttled,
            Class::Ignored => ErrorWord::Ignored,
        }))
    }

    /// An answer that a policy gave in place of the body's.
    pub const fn of_policy(kind: Kind) -> Self {
        match kind {
            Kind::TimedOut => Self::Timeout,
            Kind::Unrecorded => Self::Error(ErrorType(ErrorWord::Unrecorded)),
            kind => Self::Rejected(kind),
        }
    }

    /// A stable name in snake case, for labels.
    pub const fn as_str(self) -> &'static str {
        OUTCOMES[self.index()]
    }

    /// The value of the label `error_type`: an error's class, or the kind of a refusal. `None` for what is no error.
    pub const fn error_type(self) -> Option<&'static str> {
        match self.error_index() {
            Some(index) => Some(ERROR_TYPES[index]),
            None => None,
        }
    }

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Ok => 0,
            Self::Error(_) => 1,
            Self::Timeout => 2,
            Self::Rejected(_) => 3,
            Self::Cancelled => 4,
            Self::Panic => 5,
        }
    }

    pub(super) const fn error_index(self) -> Option<usize> {
        match self {
            Self::Ok | Self::Cancelled | Self::Panic => None,
            Self::Error(ErrorType(word)) => Some(word as usize),
            Self::Timeout => Some(5),
            Self::Rejected(kind) => Some(match kind {
                Kind::TimedOut | Kind::Unrecorded => 5,
                Kind::CircuitOpen => 6,
                Kind::RateLimited => 7,
                Kind::ExceedsBurst => 8,
                Kind::BulkheadFull => 9,
                Kind::Duplicate => 10,
                Kind::InFlight => 11,
                Kind::KeyReused => 12,
                Kind::Store => 13,
                Kind::DeadlineExceeded => 14,
                Kind::ConcurrencyLimited => 15,
                Kind::ClientThrottled => 16,
            }),
        }
    }

    /// Whether its duration says something about the function: it ran to an end.
    pub(super) const fn is_timed(self) -> bool {
        !matches!(self, Self::Rejected(_) | Self::Cancelled)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl LabelValue for Outcome {
    fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_called_what_the_error_calls_it() {
        let kinds = [
            Kind::CircuitOpen,
            Kind::RateLimited,
            Kind::ExceedsBurst,
            Kind::BulkheadFull,
            Kind::Duplicate,
            Kind::InFlight,
            Kind::KeyReused,
            Kind::Store,
            Kind::DeadlineExceeded,
            Kind::ConcurrencyLimited,
            Kind::ClientThrottled,
        ];
        for kind in kinds {
            let outcome = Outcome::of_policy(kind);
            assert_eq!((outcome.as_str(), outcome.error_type()), ("rejected", Some(kind.as_str())));
        }
        assert_eq!(Outcome::of_policy(Kind::TimedOut), Outcome::Timeout);
        assert_eq!(Outcome::of_policy(Kind::TimedOut).error_type(), Some(Kind::TimedOut.as_str()));
        assert_eq!(Outcome::of_policy(Kind::Unrecorded).error_type(), Some(Kind::Unrecorded.as_str()));
        assert_eq!(Outcome::error(Class::Permanent).to_string(), "error");
    }
}
