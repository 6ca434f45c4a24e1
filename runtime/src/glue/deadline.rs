use crate::{clock::Instant, deadline, timeout::Deadline};

/// When a wait has to end by itself that no time limit of its function hurries: at the deadline around, where nobody cuts the
/// call off then.
#[inline]
pub fn wait_until() -> Option<Instant> {
    deadline::unenforced()
}

/// When the call has to be done that waits, where it is better not to wait than in vain.
#[inline]
pub fn done_until() -> Option<Instant> {
    deadline::current()
}

/// The same within a time limit of its function.
#[inline]
pub fn done_within(limit: &Deadline<'_>) -> Option<Instant> {
    limit.instant().into_iter().chain(deadline::current()).min()
}
