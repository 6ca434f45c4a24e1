use std::time::Duration;

use crate::{
    Error, Fallible, FromRefusal, Kind, bulkhead::Bulkhead, circuit_breaker::Verdict, classify::Class,
    clock::nanos, deadline, registry::Policy, retry::Decision, timeout::Deadline,
};

/// What one call knows of its last answer beyond the answer itself: whether the body gave it or a policy of this
/// function did, which the user's error type may not tell.
///
/// It is copied and never lent, so that it does not lie in the call's future while the body runs, and of two words, so that it
/// is given back in registers.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    refused: Option<Kind>,
    /// In nanoseconds; [`UNKNOWN`] where the refusal does not say.
    retry_after: u64,
}

const UNKNOWN: u64 = u64::MAX;

impl Flow {
    /// The body has run to its end, or a fallback stands in for it.
    pub const RAN: Self = Self { refused: None, retry_after: UNKNOWN };

    /// A policy of this function has refused the call or cut it off. Apart, or the answers of calls that ran would go through
    /// its table of kinds.
    #[inline(never)]
    pub fn refused(error: &Error) -> Self {
        Self {
            refused: Some(error.kind()),
            retry_after: error.retry_after().map_or(UNKNOWN, |wait| nanos(wait).min(UNKNOWN - 1)),
        }
    }

    /// Whether the call was refused without the body having run. A time-out is no refusal: it ran. Nor is a call that could
    /// not be recorded. A call whose deadline has passed is one, even if it had begun: that says nothing of the dependency, and
    /// there is no time for another attempt.
    #[inline]
    pub fn was_refused(self) -> bool {
        self.refused.is_some_and(|kind| !matches!(kind, Kind::TimedOut | Kind::Unrecorded))
    }

    /// Whether an error says nothing of the dependency: the call was refused, or it failed when the deadline of the request
    /// around it was over, as a client does that stops there by a time-out of its own.
    pub fn says_nothing(self) -> bool {
        self.was_refused() || (self.refused.is_none() && deadline::has_soft_ended())
    }

    /// Whether a policy of this function made the error, by a refusal, a time-out or otherwise, and not the body.
    #[inline]
    pub fn is_a_policys(self) -> bool {
        self.refused.is_some()
    }

    /// The policy's word for it, where one made the answer.
    #[inline]
    pub(super) fn refusal(self) -> Option<Kind> {
        self.refused
    }

    /// The decision to try again, with the wait that `hint`, the refusal or the error's class asks for.
    pub fn again(self, class: Class, hint: Option<Duration>) -> Decision {
        let own = (self.retry_after != UNKNOWN).then(|| Duration::from_nanos(self.retry_after));
        Decision::Again { floor: hint.or(own).or(class.retry_after()) }
    }

    /// The decision where no option names the errors to retry: refusals are final, time-outs and stores that are away are
    /// not, and errors of the body say it themselves.
    pub fn decide(self, class: Class) -> Decision {
        match self.refused {
            Some(Kind::TimedOut | Kind::Store) => self.again(Class::Transient, None),
            Some(_) => Decision::Stop,
            None if class.is_retryable() => self.again(class, None),
            None => Decision::Stop,
        }
    }

    /// The same where an option asks the error for a hint.
    pub fn decide_with_hint(self, class: Class, hint: impl FnOnce() -> Option<Duration>) -> Decision {
        match self.decide(class) {
            Decision::Again { floor } => Decision::Again { floor: hint().or(floor) },
            Decision::Stop => Decision::Stop,
        }
    }

    /// Whether an error of that class is the body's own last word, which a repeated call gets again.
    pub fn is_final(self, class: Class) -> bool {
        self.refused.is_none() && class == Class::Permanent
    }

    /// What an error means to a circuit breaker where no option names the failures.
    pub fn verdict(self, class: Class) -> Verdict {
        match self.refused {
            Some(Kind::TimedOut) => Verdict::Failure,
            Some(_) => Verdict::Ignored,
            None if self.says_nothing() => Verdict::Ignored,
            None => Verdict::of_class(class),
        }
    }

    /// What an error means to a circuit breaker whose options name the failures, and this is none: the dependency
    /// has answered, unless a policy did in its stead.
    pub fn unlisted(self) -> Verdict {
        if self.refused.is_some() || self.says_nothing() { Verdict::Ignored } else { Verdict::Success }
    }
}

/// The answer of a call that a policy refused. In line: an overloaded service refuses more than it admits.
#[inline]
pub fn refuse<R>(error: Error) -> R
where
    R: Fallible,
    R::Err: FromRefusal,
{
    R::from_outcome(Err(R::Err::from_refusal(error)))
}

/// The same with the user's own conversion.
#[inline]
pub fn refuse_with<R: Fallible>(error: Error, map_err: impl FnOnce(Error) -> R::Err) -> R {
    R::from_outcome(Err(map_err(error)))
}

/// The error of a time limit that has run out while the call was queued.
#[cold]
pub fn pass(deadline: &Deadline<'_>) -> Error {
    deadline.pass()
}

/// What a bulkhead says to a call that gave up waiting: the deadline of the request around it has passed, or no deadline
/// hurried it and there was some other reason.
#[cold]
pub fn full(bulkhead: &Bulkhead) -> Error {
    if let Some(error) = deadline::refused(Policy::name(bulkhead)) {
        return error;
    }
    Error::bulkhead_full(Policy::name(bulkhead).clone(), bulkhead.limit())
}
