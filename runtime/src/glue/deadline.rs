use crate::{clock::Instant, deadline};

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
