use std::{fmt, mem::ManuallyDrop};

use super::{CircuitBreaker, OnCancel, Verdict, word::Word};
use crate::{
    clock::{self, Instant},
    let_go::quietly,
};

/// Leave to make one call; it settles exactly once.
///
/// Say how the call went, by [`success`](Permit::success), [`failure`](Permit::failure), [`ignore`](Permit::ignore) or
/// [`settle`](Permit::settle). A permit that is dropped instead is a cancelled call, which counts as
/// [`on_cancel`](super::CircuitBreakerConfig::on_cancel) says; dropped by a panic it is a failure. An outcome that
/// comes after the breaker has changed its state counts in the totals and changes nothing else.
///
/// ```
/// use mainstay_runtime::circuit_breaker::CircuitBreaker;
///
/// let breaker = CircuitBreaker::builder().build("payments")?;
/// let permit = breaker.admit().expect("it is closed");
/// match "42".parse::<u32>() {
///     Ok(_) => permit.success(),
///     Err(_) => permit.failure(),
/// }
/// assert_eq!(breaker.success_count(), 1);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[must_use = "a permit that is dropped at once counts as a cancelled call"]
pub struct Permit<'a> {
    breaker: &'a CircuitBreaker,
    admitted: Word,
    /// [`UNTIMED`] where there was no `slow_call` when the call was let in.
    started: Instant,
}

/// A start from which nothing ever takes long.
const UNTIMED: Instant = Instant::NEVER;

impl<'a> Permit<'a> {
    #[inline]
    pub(super) fn new(breaker: &'a CircuitBreaker, admitted: Word) -> Self {
        let started = if breaker.config().slow_call.is_some() { start() } else { UNTIMED };
        Self { breaker, admitted, started }
    }

    /// For a breaker without `slow_call`.
    #[inline]
    pub(super) const fn untimed(breaker: &'a CircuitBreaker, admitted: Word) -> Self {
        Self { breaker, admitted, started: UNTIMED }
    }

    /// What it was admitted by, without counting as dropped.
    pub(super) fn into_parts(self) -> (Word, Instant) {
        let permit = ManuallyDrop::new(self);
        (permit.admitted, permit.started)
    }

    /// The breaker that gave it.
    pub fn breaker(&self) -> &'a CircuitBreaker {
        self.breaker
    }

    /// Says how the call went.
    #[inline]
    pub fn settle(self, verdict: Verdict) {
        let permit = ManuallyDrop::new(self);
        permit.breaker.settle(permit.admitted, permit.started, verdict);
    }

    /// The dependency answered as it should.
    #[inline]
    pub fn success(self) {
        self.settle(Verdict::Success);
    }

    /// The dependency failed.
    #[inline]
    pub fn failure(self) {
        self.settle(Verdict::Failure);
    }

    /// The call says nothing about the dependency; a probe gives its place back.
    #[inline]
    pub fn ignore(self) {
        self.settle(Verdict::Ignored);
    }
}

/// Apart, so that little is put in line where calls cannot be slow.
#[cold]
#[inline(never)]
fn start() -> Instant {
    clock::now()
}

impl Drop for Permit<'_> {
    #[inline]
    fn drop(&mut self) {
        drop_unsettled(self.breaker, self.admitted, self.started);
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
extern "C" fn drop_unsettled(breaker: &CircuitBreaker, admitted: Word, started: Instant) {
    quietly(|| breaker.settle(admitted, started, dropped(breaker)));
}

/// What a call means that nobody said anything of.
pub(super) fn dropped(breaker: &CircuitBreaker) -> Verdict {
    let failed = std::thread::panicking() || breaker.config().on_cancel == OnCancel::Failure;
    if failed { Verdict::Failure } else { Verdict::Ignored }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("breaker", &self.breaker.name())
            .field("admitted", &self.admitted.state())
            .finish_non_exhaustive()
    }
}
