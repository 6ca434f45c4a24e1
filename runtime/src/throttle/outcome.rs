use crate::{
    Kind,
    classify::{Class, Classify},
};

/// What the server made of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It took it on, whatever came of it.
    Accepted,
    /// It refused it, or was too slow to answer.
    Rejected,
    /// Nothing is known: another error, a panic, or a call that was dropped.
    Ignored,
}

impl Outcome {
    /// What an error of that class says: throttled is a rejection; with a permanent one the server has answered; all others say
    /// nothing.
    #[inline]
    pub const fn of_class(class: Class) -> Self {
        match class {
            Class::Throttled { .. } => Self::Rejected,
            Class::Permanent => Self::Accepted,
            _ => Self::Ignored,
        }
    }

    /// What a refusal by a policy further in says: a time-out is a rejection, all others never reached the server.
    #[inline]
    pub const fn of_refusal(kind: Kind) -> Self {
        match kind {
            Kind::TimedOut => Self::Rejected,
            _ => Self::Ignored,
        }
    }

    /// Every error is a rejection. What [`Throttle::call`](super::Throttle::call) goes by.
    #[inline]
    pub const fn of_result<T, E>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Accepted,
            Err(_) => Self::Rejected,
        }
    }

    /// An error says what its class says: a judge for [`Throttle::call_with`](super::Throttle::call_with).
    #[inline]
    pub fn of_classified<T, E: Classify>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Accepted,
            Err(error) => Self::of_class(error.classify()),
        }
    }
}
