use std::time::Duration;

use crate::{
    clock,
    retry::{Attempts, Decision, Retry, RetryConfig},
    timeout::Deadline,
};

/// The attempts of a call that begins.
#[inline]
pub fn attempts(config: &RetryConfig) -> Attempts<'_> {
    Attempts::start(config, clock::now)
}

/// The wait before the next attempt; `None` if there is none, because the answer is final, no attempt is left, or no
/// time is left within `deadline`.
#[inline]
pub fn next(
    retry: &Retry,
    attempts: &mut Attempts<'_>,
    decision: Decision,
    deadline: Option<&Deadline<'_>>,
) -> Option<Duration> {
    match decision {
        Decision::Stop => None,
        Decision::Again { .. } => {
            retry.after_failure(attempts, decision, deadline.and_then(Deadline::instant))
        }
    }
}
