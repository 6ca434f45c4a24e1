//! The error and the small helpers of all tests here.

use std::time::Duration;

use mainstay::Classify;
use tokio::time::Instant;

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer<T = u32> = Result<T, Failure>;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The answer of a call cut off by the limit called `policy`.
pub(crate) fn timed_out<T>(policy: &'static str, limit: Duration) -> Answer<T> {
    Err(Failure::Policy(mainstay::Error::timed_out(policy, limit)))
}

pub(crate) async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let output = future.await;
    (output, start.elapsed())
}
