use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{Timeout, config::nanos};
use crate::{
    Error,
    clock::{self, Instant, ManualClock, block_on},
    context::Carried,
    deadline::{self, NEVER},
};

/// Runs `operation` on a thread of its own and waits for it as long as `limit`; zero waits without limit.
///
/// After that it is left to itself: it runs to its end, and its answer is dropped. Its panic is the caller's panic. It has the
/// deadline of the caller, and does not begin after it.
pub fn on_thread<R: Send + 'static>(
    timeout: &Timeout,
    limit: Duration,
    operation: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Error> {
    let limit = timeout.nanos_for(nanos(limit));
    if limit == NEVER {
        return Ok(operation());
    }
    let limit = Duration::from_nanos(limit);
    if deadline::has_passed() {
        return Err(timeout.deadline_exceeded());
    }
    let own = clock::now() + limit;
    let around = deadline::current().unwrap_or(Instant::NEVER);
    let end = own.min(around);
    let (sender, receiver) = oneshot::channel();
    let (followed, carried) = (ManualClock::current(), Carried::here().until(end));
    let spawned = std::thread::Builder::new().name(format!("mainstay {}", timeout.name())).spawn(move || {
        let _installed = followed.as_ref().map(ManualClock::install);
        let _ = sender.send(catch_unwind(AssertUnwindSafe(|| carried.scope(operation))));
    });
    if let Err(error) = spawned {
        tracing::error!(target: "mainstay", policy = timeout.name(), %error, "no thread to run a limited call on");
        return Err(timeout.timed_out_after(Duration::ZERO));
    }
    match block_on(receiver, Some(end)) {
        Some(Ok(Ok(answer))) => Ok(answer),
        Some(Ok(Err(panic))) => resume_unwind(panic),
        // The sender is dropped unsent only when the thread is torn down by the process's end.
        Some(Err(_)) | None if around <= own => Err(timeout.deadline_exceeded()),
        Some(Err(_)) | None => Err(timeout.timed_out_after(limit)),
    }
}
