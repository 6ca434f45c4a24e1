//! What is done when a call is dropped before its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Ends something for a call that is dropped, in a function that does not unwind and whose ABI says so: those are
/// `extern "C"`, and take what they end by value.
///
/// What drops a call's future is a list of such ends, each with what follows should it panic. Without that the list is short
/// enough for the compiler to put it in line, and only then need a call that is done at once write no future into memory.
/// Nothing of ours panics there; a waker, a listener or a value of the user's may, and then the panic ends here, after the
/// panic hook has told of it.
pub(crate) fn quietly(end: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(end)) {
        // What was thrown may panic in its own turn.
        std::mem::forget(panic);
    }
}
