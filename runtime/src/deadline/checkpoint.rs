use std::{future::poll_fn, task::Poll};

use super::ask;
use crate::Error;

/// Goes on while there is time, and ends the call when there is none. For long work in async functions, now and then.
///
/// Where a time limit around is over, this does not come back: the limit cuts the call off here, as it does at any wait, and
/// tells and counts its time-out. Where the deadline came from outside and no limit enforces it, it is an error.
///
/// The time of a limit around that has not begun to count begins with this. It does not wait otherwise: other tasks of the thread
/// get no turn.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Error, Kind, clock::ManualClock, deadline, timeout::Timeout};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mainstay_runtime::ConfigError> {
/// # let clock = ManualClock::new();
/// # let _installed = clock.install();
/// let limit = Timeout::builder(Duration::from_secs(2)).build("reports")?;
/// let report = limit.call_async(|| async {
///     for page in 0..1000 {
///         deadline::checkpoint().await?;
///         // Work that never waits and takes a second for each page.
///         # let _ = page;
///         # clock.advance(Duration::from_secs(1));
///     }
///     Ok::<_, Error>("the whole report")
/// });
/// assert_eq!(report.await.unwrap_err().kind(), Kind::TimedOut);
/// assert_eq!(limit.timed_out(), 1);
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`Error::DeadlineExceeded`] with the policy `deadline`.
pub async fn checkpoint() -> Result<(), Error> {
    poll_fn(|_| match ask::has_ended_by_now() {
        false => Poll::Ready(Ok(())),
        // Whoever enforces it polls its timer after this, and wakes the task.
        true if ask::is_enforced() => Poll::Pending,
        true => Poll::Ready(ask::check()),
    })
    .await
}
