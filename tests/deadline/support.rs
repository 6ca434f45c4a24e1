use std::time::Duration;

use mainstay::{Error, Kind};

pub(crate) type Answer<T = ()> = Result<T, Error>;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = tokio::time::Instant::now();
    let output = future.await;
    (output, start.elapsed())
}

/// What kind of refusal an answer is, and whose.
pub(crate) fn told<T>(answer: Answer<T>) -> Option<(Kind, String)> {
    answer.err().map(|error| (error.kind(), error.policy().to_owned()))
}

pub(crate) fn exceeded(policy: &str) -> Option<(Kind, String)> {
    Some((Kind::DeadlineExceeded, policy.to_owned()))
}
