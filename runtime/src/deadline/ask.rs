use std::time::Duration;

use super::ambient;
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe::{Event, report},
};

/// When the call that runs here has to be done; `None` outside of every deadline.
///
/// The time of a limit around that has not begun to count begins with this.
#[inline]
pub fn current() -> Option<Instant> {
    ambient::end()
}

/// How much time the call that runs here has left, zero if none; `None` outside of every deadline.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::deadline;
///
/// assert_eq!(deadline::remaining(), None);
/// let left = deadline::sync_scope(Duration::from_secs(60), deadline::remaining);
/// assert!(left.is_some_and(|left| left > Duration::from_secs(59)));
/// ```
pub fn remaining() -> Option<Duration> {
    Some(ambient::end()?.saturating_since(clock::now()))
}

/// Whether the deadline of the call that runs here has passed: what it gives, nobody waits for.
///
/// It reads the clock only where a deadline is running.
#[inline]
pub fn has_passed() -> bool {
    ambient::has_ended()
}

/// An error if the deadline of the call that runs here has passed. For long work of one's own, now and then: in sync functions,
/// and in async ones that do not want to be cut off here, as [`checkpoint`](super::checkpoint) would.
///
/// The time of a limit around that has not begun to count begins with this. The error does not say whose deadline it is: where it
/// is that of a limit of one's own, that limit counts no time-out.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Error, Kind, deadline};
///
/// fn sum(numbers: &[u64]) -> Result<u64, Error> {
///     let mut sum = 0;
///     for part in numbers.chunks(1024) {
///         deadline::check()?;
///         sum += part.iter().sum::<u64>();
///     }
///     Ok(sum)
/// }
///
/// assert_eq!(sum(&[1, 2]), Ok(3));
/// let late = deadline::sync_scope(Duration::ZERO, || sum(&[1, 2]));
/// assert_eq!(late.unwrap_err().kind(), Kind::DeadlineExceeded);
/// ```
///
/// # Errors
/// [`Error::DeadlineExceeded`] with the policy `deadline`.
#[inline]
pub fn check() -> Result<(), Error> {
    if has_ended_by_now() { Err(exceeded(&Name::from_static("deadline"))) } else { Ok(()) }
}

/// The same as [`has_passed`] where the time of all limits around has begun.
#[inline]
pub(super) fn has_ended_by_now() -> bool {
    ambient::end().is_some_and(|end| clock::now() >= end)
}

/// Whether a time limit around cuts off what waits now that the deadline has passed.
pub(super) fn is_enforced() -> bool {
    ambient::soft_end().is_none_or(|end| clock::now() < end)
}

/// The refusal of a call under that name whose deadline has passed.
#[inline]
pub(crate) fn refused(policy: &Name) -> Option<Error> {
    ambient::has_ended().then(|| exceeded(policy))
}

#[cold]
pub(crate) fn exceeded(policy: &Name) -> Error {
    let error = Error::deadline_exceeded(policy.clone());
    report(&Event::Refused { error: &error });
    error
}

/// When the first deadline ends that no time limit around enforces: what waits for something outside has to end by itself
/// then.
#[doc(hidden)]
pub fn unenforced() -> Option<Instant> {
    ambient::soft_end()
}

/// When a thread has to go on by itself that is blocked in a wait: at `own`, or at the first deadline around, since no time
/// limit can cut a blocked thread off.
#[cold]
pub(crate) fn end_of_blocked(own: Option<Instant>) -> Option<Instant> {
    own.into_iter().chain(ambient::end()).min()
}
