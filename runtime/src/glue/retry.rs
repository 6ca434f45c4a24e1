use std::time::Duration;

use super::Flow;
use crate::{
    budget::Budget,
    clock::{self, Instant},
    deadline,
    registry::Slot,
    retry::{Attempts, Decision, Retry, RetryConfig},
    timeout::Deadline,
};

/// A first call is made under a budget.
#[inline]
pub fn deposit(budget: &'static Slot<Budget>) {
    budget.get().deposit();
}

/// A call under a policy of the user's own: where its attempts are counted, and when its time starts to count.
#[inline]
pub fn begin_with(retry: &Retry) -> (Attempts, Instant) {
    let attempts = retry.begin();
    (attempts, retry.first_call(attempts))
}

/// Where the attempts of a call are counted that looks at its configuration before the first.
#[inline]
pub fn begin(retry: &Retry) -> Attempts {
    retry.begin()
}

/// The configuration of such a call.
#[inline]
pub fn config_of(retry: &Retry, attempts: Attempts) -> &RetryConfig {
    retry.config_of(attempts)
}

/// The same where some options are what the call has computed, and are not set from outside.
#[inline]
pub fn computed(retry: &Retry, attempts: Attempts, computed: RetryConfig) -> RetryConfig {
    retry.config_of(attempts).with_computed(&computed)
}

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
    next_within(retry, None, attempts, decision, Instant::NEVER, None)
}

/// The same for a configuration that was computed, and where time may run out: within `deadline` or since `started`, which
/// is [`Instant::NEVER`] for a call that set itself no limit when it began. And within the deadline around the call.
#[cold]
pub fn next_within(
    retry: &Retry,
    computed: Option<&RetryConfig>,
    mut attempts: Attempts,
    decision: Decision,
    started: Instant,
    deadline: Option<&Deadline<'_>>,
) -> Option<(Attempts, Duration)> {
    let deadline = deadline.and_then(Deadline::instant).into_iter().chain(deadline::current()).min();
    let delay = retry.after_failure(computed, started, &mut attempts, decision, deadline)?;
    Some((attempts, delay))
}

/// The decision about a failure of a call that has paid into a budget: where a policy refused its first attempt, nobody was
/// burdened, and the deposit is taken back.
#[cold]
pub fn paid(budget: &'static Slot<Budget>, attempts: Attempts, flow: Flow, decision: Decision) -> Decision {
    if attempts.number() == 1 && flow.was_refused() {
        budget.get().take_back();
    }
    decision
}
