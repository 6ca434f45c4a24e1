use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Duration,
};

use tokio::sync::oneshot;

use super::Timeout;
use crate::{
    Error,
    clock::{self, ManualClock, block_on},
    context::Carried,
};

/// Runs `operation` on a thread of its own and waits for it as long as `limit`; zero waits without limit.
///
/// After that it is left to itself: it runs to its end, and its answer is dropped. Its panic is the caller's panic.
pub fn on_thread<R: Send + 'static>(
    timeout: &Timeout,
    limit: Duration,
    operation: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Error> {
    if limit.is_zero() {
        return Ok(operation());
    }
    let deadline = clock::now() + limit;
    let (sender, receiver) = oneshot::channel();
    let (followed, carried) = (ManualClock::current(), Carried::here());
    let spawned = std::thread::Builder::new().name(format!("mainstay {}", timeout.name())).spawn(move || {
        let _installed = followed.as_ref().map(ManualClock::install);
        let _ = sender.send(catch_unwind(AssertUnwindSafe(|| carried.scope(operation))));
    });
    if let Err(error) = spawned {
        tracing::error!(target: "mainstay", policy = timeout.name(), %error, "no thread to run a limited call on");
        return Err(timeout.timed_out_after(Duration::ZERO));
    }
    match block_on(receiver, Some(deadline)) {
        Some(Ok(Ok(answer))) => Ok(answer),
        Some(Ok(Err(panic))) => resume_unwind(panic),
        // The sender is dropped unsent only when the thread is torn down by the process's end.
        Some(Err(_)) | None => Err(timeout.timed_out_after(limit)),
    }
}
