use std::{fmt, mem::ManuallyDrop};

use super::{AdaptiveLimit, Outcome};
use crate::clock::Instant;

/// Leave to make one call; it settles exactly once.
///
/// Say how the call went, by [`success`](Permit::success), [`overload`](Permit::overload), [`ignore`](Permit::ignore) or
/// [`settle`](Permit::settle). A permit that is dropped instead gives its place back and tells nothing: the call was cancelled,
/// or panicked.
///
/// ```
/// use mainstay_runtime::adaptive_limit::{AdaptiveLimit, Priority};
///
/// let limit = AdaptiveLimit::builder().build("payments")?;
/// let permit = limit.try_enter(Priority::Critical).expect("nobody else is here");
/// assert_eq!(limit.in_flight(), 1);
/// permit.success();
/// assert_eq!(limit.in_flight(), 0);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[must_use = "a permit that is dropped at once is a call that tells nothing"]
pub struct Permit<'a> {
    limit: &'a AdaptiveLimit,
    /// [`UNTIMED`] or [`UNCOUNTED`] for a call that is not timed.
    started: Instant,
}

/// Holds a place and is not timed.
pub(super) const UNTIMED: Instant = Instant::NEVER;
/// Holds no place.
pub(super) const UNCOUNTED: Instant = Instant::ZERO;

impl<'a> Permit<'a> {
    #[inline]
    pub(super) const fn new(limit: &'a AdaptiveLimit, started: Instant) -> Self {
        Self { limit, started }
    }

    /// The limit that gave it.
    pub fn limit(&self) -> &'a AdaptiveLimit {
        self.limit
    }

    /// Says how the call went.
    #[inline]
    pub fn settle(self, outcome: Outcome) {
        let permit = ManuallyDrop::new(self);
        permit.limit.leave(permit.started, outcome);
    }

    /// The call was done, in the time since it was admitted.
    #[inline]
    pub fn success(self) {
        self.settle(Outcome::Success);
    }

    /// The call was not done because there is too much to do.
    #[inline]
    pub fn overload(self) {
        self.settle(Outcome::Overload);
    }

    /// The call tells nothing.
    #[inline]
    pub fn ignore(self) {
        self.settle(Outcome::Ignored);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limit.leave(self.started, Outcome::Ignored);
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("limit", &self.limit.name()).finish_non_exhaustive()
    }
}
