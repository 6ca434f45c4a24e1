use crate::{
    adaptive_limit,
    circuit_breaker::{self, Verdict},
    throttle,
};

/// Leave to make one call, of a policy that learns from the answer.
pub trait Learning: Sized {
    /// What it can be told.
    type Meaning: Meaning;

    /// Says what came of the call.
    fn settle(self, meaning: Self::Meaning);
}

/// What an answer means to a policy.
pub trait Meaning: Copy {
    /// It says nothing about what was called.
    const NOTHING: Self;

    /// Whether it speaks against what was called.
    fn is_bad(self) -> bool;
}

macro_rules! learning {
    ($($permit:ty, $meaning:ty;)*) => {$(
        impl Learning for $permit {
            type Meaning = $meaning;

            #[inline]
            fn settle(self, meaning: $meaning) {
                self.settle(meaning);
            }
        }
    )*};
}

macro_rules! meaning {
    ($($meaning:ty, $bad:ident;)*) => {$(
        impl Meaning for $meaning {
            const NOTHING: Self = Self::Ignored;

            #[inline]
            fn is_bad(self) -> bool {
                matches!(self, Self::$bad)
            }
        }
    )*};
}

meaning! {
    Verdict, Failure;
    throttle::Outcome, Rejected;
    adaptive_limit::Outcome, Overload;
}

learning! {
    circuit_breaker::Permit<'_>, Verdict;
    circuit_breaker::OwnedPermit, Verdict;
    throttle::Permit<'_>, throttle::Outcome;
    adaptive_limit::Permit<'_>, adaptive_limit::Outcome;
}
