use std::{fmt::Write as _, time::Duration};

use super::{
    AbortIf, AfterHint, Attempts, BeforeRetry, ByClass, Decide, Decision, EveryError, NextAttempt, OkIf,
    RetryConfig, RetryIf,
    state::Next,
    totals::{Total, Totals},
};
use crate::{
    Name,
    clock::{self, Instant},
    deadline,
    observe::{Event, report},
    registry::{Policy, Reading, Shelf},
};

/// A retry policy with a name.
///
/// ```
/// use mainstay_runtime::{clock::ManualClock, retry::Retry};
/// # let _clock = ManualClock::new();
/// # let _installed = _clock.install(); // the waits of this example take no time
///
/// let retry = Retry::builder().max_attempts(4).build("orders")?;
/// let mut failures = 2;
/// let answer = retry.call(|| match failures {
///     0 => Ok("placed"),
///     _ => {
///         failures -= 1;
///         Err("connection reset")
///     }
/// });
/// assert_eq!(answer, Ok("placed"));
/// assert_eq!(retry.retries(), 2);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Retry {
    name: Name,
    config: RetryConfig,
    totals: Totals,
}

impl Retry {
    /// The options, at their defaults.
    pub const fn builder() -> RetryConfig {
        RetryConfig::new()
    }

    pub(super) const fn new(name: Name, config: RetryConfig) -> Self {
        Self { name, config, totals: Totals::new() }
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: RetryConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Its options.
    pub const fn config(&self) -> &RetryConfig {
        &self.config
    }

    /// How many attempts were made beyond the first ones.
    pub fn retries(&self) -> u64 {
        self.totals.get(Total::Retries)
    }

    /// How many calls were tried again at least once.
    pub fn retried_calls(&self) -> u64 {
        self.totals.get(Total::RetriedCalls)
    }

    /// How many calls failed although they were worth another try, because no attempt or no time was left.
    pub fn exhausted(&self) -> u64 {
        self.out_of_attempts().saturating_add(self.out_of_time())
    }

    /// Those of them that had no attempt left.
    pub fn out_of_attempts(&self) -> u64 {
        self.totals.get(Total::OutOfAttempts)
    }

    /// Those of them whose next attempt would have begun after [`max_elapsed`](RetryConfig::max_elapsed), or after the time
    /// limit around them.
    pub fn out_of_time(&self) -> u64 {
        self.totals.get(Total::OutOfTime)
    }

    /// How many calls failed, at whichever attempt, with an error that is not retried.
    pub fn not_retryable(&self) -> u64 {
        self.totals.get(Total::NotRetryable)
    }

    /// Calls `operation` until it succeeds or no attempt is left; every error is tried again. Sleeps the thread.
    ///
    /// The last error is returned as it is.
    pub fn call<T, E>(&self, operation: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        self.policy(EveryError).call(operation)
    }

    /// The same for an operation that gives futures.
    pub async fn call_async<T, E, F>(&self, operation: impl FnMut() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.policy(EveryError).call_async(operation).await
    }

    /// Errors are tried again as their class says.
    pub fn by_class(&self) -> RetryCall<'_, ByClass> {
        self.policy(ByClass)
    }

    /// Errors are tried again where the predicate says so.
    pub fn retry_if<E, F: FnMut(&E) -> bool>(&self, ask: F) -> RetryCall<'_, RetryIf<F, EveryError>> {
        self.policy(EveryError).retry_if(ask)
    }

    /// Errors are final where the predicate says so.
    pub fn abort_if<E, F: FnMut(&E) -> bool>(&self, ask: F) -> RetryCall<'_, AbortIf<F, EveryError>> {
        self.policy(EveryError).abort_if(ask)
    }

    /// Every error is tried again: where a chain of predicates and hooks starts.
    pub fn every_error(&self) -> RetryCall<'_, EveryError> {
        self.policy(EveryError)
    }

    fn policy<D>(&self, decide: D) -> RetryCall<'_, D> {
        RetryCall { retry: self, decide }
    }

    /// The answer of a call of which no error is tried again.
    #[inline]
    fn settled<T, E>(&self, answer: Result<T, E>) -> Result<T, E> {
        if answer.is_err() {
            self.totals.increment(Total::NotRetryable);
        }
        answer
    }

    /// What follows an attempt, counted and reported: `None` if its answer is the call's answer.
    #[cold]
    pub(crate) fn after_failure(
        &self,
        config: &RetryConfig,
        started: Instant,
        attempts: &mut Attempts,
        decision: Decision,
        deadline: Option<Instant>,
    ) -> Option<Duration> {
        match attempts.next(config, started, decision, deadline, clock::now, |most| fastrand::u64(..=most)) {
            Next::Answer => {
                self.totals.increment(Total::NotRetryable);
                None
            }
            Next::Exhausted(total) => {
                self.totals.increment(total);
                report(&Event::RetriesExhausted { policy: self.name(), attempts: attempts.made });
                None
            }
            Next::Again(delay) => {
                self.totals.increment(Total::Retries);
                if attempts.made == 1 {
                    self.totals.increment(Total::RetriedCalls);
                }
                report(&Event::Retry { policy: self.name(), attempt: attempts.made, delay });
                Some(delay)
            }
        }
    }
}

/// A retry policy together with what it retries.
#[derive(Debug, Clone)]
#[must_use = "call it around an operation"]
pub struct RetryCall<'r, D> {
    retry: &'r Retry,
    decide: D,
}

impl<'r, D> RetryCall<'r, D> {
    fn wrap<N>(self, wrap: impl FnOnce(D) -> N) -> RetryCall<'r, N> {
        RetryCall { retry: self.retry, decide: wrap(self.decide) }
    }

    /// Errors are tried again where the predicate says so.
    pub fn retry_if<E, F: FnMut(&E) -> bool>(self, ask: F) -> RetryCall<'r, RetryIf<F, D>> {
        self.wrap(|rest| RetryIf { ask, rest })
    }

    /// Errors are final where the predicate says so.
    pub fn abort_if<E, F: FnMut(&E) -> bool>(self, ask: F) -> RetryCall<'r, AbortIf<F, D>> {
        self.wrap(|rest| AbortIf { ask, rest })
    }

    /// Values are tried again where the predicate says so. When no attempt is left, the last value is the answer.
    pub fn retry_ok_if<T, F: FnMut(&T) -> bool>(self, ask: F) -> RetryCall<'r, OkIf<F, D>> {
        self.wrap(|rest| OkIf { ask, rest })
    }

    /// The server's own word on when to come back: the wait is never shorter.
    pub fn retry_after<E, F: FnMut(&E) -> Option<Duration>>(self, ask: F) -> RetryCall<'r, AfterHint<F, D>> {
        self.wrap(|rest| AfterHint { ask, rest })
    }

    /// Called after each wait, right before the next attempt.
    pub fn before_retry<T, E, F: FnMut(&NextAttempt<'_, T, E>)>(
        self,
        ask: F,
    ) -> RetryCall<'r, BeforeRetry<F, D>> {
        self.wrap(|rest| BeforeRetry { ask, rest })
    }

    /// See [`Retry::call`].
    pub fn call<T, E>(mut self, mut operation: impl FnMut() -> Result<T, E>) -> Result<T, E>
    where
        D: Decide<T, E>,
    {
        let Retry { config, .. } = self.retry;
        let (started, mut attempts) = (config.start(clock::now), Attempts::NONE);
        loop {
            let answer = operation();
            let decision = self.decide.decide(&answer);
            if decision == Decision::Stop {
                return self.retry.settled(answer);
            }
            let Some(delay) =
                self.retry.after_failure(config, started, &mut attempts, decision, deadline::current())
            else {
                return answer;
            };
            clock::sleep_blocking(delay);
            self.decide.before_retry(&NextAttempt::new(attempts.number(), delay, answer.as_ref()));
        }
    }

    /// See [`Retry::call_async`].
    pub async fn call_async<T, E, F>(mut self, mut operation: impl FnMut() -> F) -> Result<T, E>
    where
        D: Decide<T, E>,
        F: Future<Output = Result<T, E>>,
    {
        let Retry { config, .. } = self.retry;
        let (started, mut attempts) = (config.start(clock::now), Attempts::NONE);
        loop {
            let answer = operation().await;
            let decision = self.decide.decide(&answer);
            if decision == Decision::Stop {
                return self.retry.settled(answer);
            }
            let Some(delay) =
                self.retry.after_failure(config, started, &mut attempts, decision, deadline::current())
            else {
                return answer;
            };
            clock::sleep(delay).await;
            self.decide.before_retry(&NextAttempt::new(attempts.number(), delay, answer.as_ref()));
        }
    }
}

impl Policy for Retry {
    const ATTRIBUTE: &'static str = "retry";
    type Config = RetryConfig;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config == other.config
    }

    fn describe_config(&self) -> String {
        let config = &self.config;
        let mut text = format!(
            "max_attempts = {}, initial_delay = {:?}, max_delay = {:?}, backoff = {:?}, jitter = {:?}",
            config.max_attempts, config.initial_delay, config.max_delay, config.backoff, config.jitter
        );
        if let Some(limit) = config.max_elapsed {
            let _ = write!(text, ", max_elapsed = {limit:?}");
        }
        text
    }

    fn describe_state(&self) -> String {
        format!("retries {}, exhausted {}", self.retries(), self.exhausted())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("retries", self.retries()));
        give(Reading::Count("exhausted", self.exhausted()));
    }

    /// Its counts are totals and stay; there is nothing else to reset.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Retry> = Shelf::new();
        &SHELF
    }
}
