use crate::{
    Kind,
    classify::{Class, Classify},
};

/// What a call tells about the load of what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done: the time that it took is a sample.
    Success,
    /// It was not done because there is too much to do: a time-out, or a refusal. The time that it took is a sample only if
    /// it is longer than usual.
    Overload,
    /// It says nothing: another error, a panic, or a call that was dropped.
    Ignored,
}

impl Outcome {
    /// What an error of that class tells: throttled is overload, all others tell nothing.
    #[inline]
    pub const fn of_class(class: Class) -> Self {
        match class {
            Class::Throttled { .. } => Self::Overload,
            _ => Self::Ignored,
        }
    }

    /// What a refusal by a policy further in tells: time-outs and full limits are overload, all others tell nothing.
    #[inline]
    pub const fn of_refusal(kind: Kind) -> Self {
        match kind {
            Kind::TimedOut
            | Kind::RateLimited
            | Kind::BulkheadFull
            | Kind::ConcurrencyLimited
            | Kind::ClientThrottled => Self::Overload,
            _ => Self::Ignored,
        }
    }

    /// Every error tells nothing. What [`AdaptiveLimit::call`](super::AdaptiveLimit::call) goes by.
    #[inline]
    pub const fn of_result<T, E>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Success,
            Err(_) => Self::Ignored,
        }
    }

    /// An error tells what its class tells: a judge for [`AdaptiveLimit::call_with`](super::AdaptiveLimit::call_with).
    #[inline]
    pub fn of_classified<T, E: Classify>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Success,
            Err(error) => Self::of_class(error.classify()),
        }
    }
}
