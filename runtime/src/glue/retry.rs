use std::time::Duration;

use crate::{
    clock::{self, Instant},
    deadline,
    retry::{Attempts, Decision, Retry, RetryConfig},
    timeout::Deadline,
};

/// When the time of a call that begins now starts to count.
#[inline]
pub fn started(config: &RetryConfig) -> Instant {
    config.start(clock::now)
}

/// The attempts so far and the wait before the next one; `None` if there is none, because the answer is final or no
/// attempt is left.
///
/// The attempts come and go by value: a call that does not fail then need not keep them in memory.
#[cold]
pub fn next(retry: &Retry, attempts: Attempts, decision: Decision) -> Option<(Attempts, Duration)> {
    next_within(retry, retry.config(), attempts, decision, Instant::NEVER, None)
}

/// The same for a configuration that was computed, and where time may run out: within `deadline` or since `started`, which
/// is [`Instant::NEVER`] for a call that set itself no limit when it began. And within the deadline around the call.
#[cold]
pub fn next_within(
    retry: &Retry,
    config: &RetryConfig,
    mut attempts: Attempts,
    decision: Decision,
    started: Instant,
    deadline: Option<&Deadline<'_>>,
) -> Option<(Attempts, Duration)> {
    let deadline = deadline.and_then(Deadline::instant).into_iter().chain(deadline::current()).min();
    let delay = retry.after_failure(config, started, &mut attempts, decision, deadline)?;
    Some((attempts, delay))
}
