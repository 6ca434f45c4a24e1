use super::Flow;
use crate::{
    classify::Class,
    hedge::{Hedge, Hedged, Outcome},
};

/// A call under a hedge: `make` makes the attempt of a number, `judge` says what its answer means.
#[inline]
pub fn hedged<'h, M, J, F>(hedge: &'h Hedge, make: M, judge: J) -> Hedged<'h, M, J, F>
where
    M: FnMut(u32) -> F,
    J: FnMut(&F::Output) -> Outcome,
    F: Future,
{
    hedge.deposit();
    Hedged::new(hedge, make, judge)
}

/// What an error of that class means while other attempts may run: the body's last word is the answer, and anything else
/// may be bettered, a refusal by a policy inside as well.
#[inline]
pub fn failed(flow: Flow, class: Class) -> Outcome {
    if flow.is_final(class) { Outcome::Final } else { Outcome::Failure }
}

/// The number of an attempt, which a block takes along where it does not take all that it uses: it is not `Copy`.
#[derive(Debug)]
pub struct HedgeNumber(u32);

impl HedgeNumber {
    /// So many.
    #[inline]
    pub const fn of(number: u32) -> Self {
        Self(number)
    }

    /// Gives it out.
    #[inline]
    pub const fn get(self) -> u32 {
        self.0
    }
}
