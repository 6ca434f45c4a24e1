use std::time::Duration;

use super::{
    AbortIf, AfterHint, Attempts, BeforeRetry, ByClass, Decide, Decision, EveryError, NextAttempt, OkIf,
    RetryConfig, RetryIf,
    state::Next,
    totals::{Total, Totals},
};
use crate::{
    Name,
    budget::Joined,
    clock::{self, Instant},
    deadline,
    observe::{Event, report},
    overrides::Live,
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
    pub(super) live: Live<RetryConfig>,
    totals: Totals,
}

impl Retry {
    /// The options, at their defaults.
    pub const fn builder() -> RetryConfig {
        RetryConfig::new()
    }

    pub(super) const fn new(name: Name, config: RetryConfig) -> Self {
        Self { name, live: Live::new(config), totals: Totals::new() }
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: RetryConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// Its options, as they are in force.
    #[inline]
    pub fn config(&self) -> &RetryConfig {
        self.live.get()
    }

    /// What the attempts of a call count in that begins now, under the configuration that is in force now.
    #[inline]
    pub(crate) fn begin(&self) -> Attempts {
        Attempts { made: 0, reading: self.live.reading() }
    }

    /// A first call is made: when its time starts to count.
    #[inline]
    pub(crate) fn first_call(&self, attempts: Attempts) -> Instant {
        let config = self.config_of(attempts);
        if let Some(budget) = config.budget {
            budget.deposit();
        }
        config.start(clock::now)
    }

    /// The configuration under which those attempts are made.
    #[inline]
    pub(crate) fn config_of(&self, attempts: Attempts) -> &RetryConfig {
        self.live.read_again(attempts.reading).unwrap_or_else(|| self.live.get())
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

    /// How many calls failed although they were worth another try and permitted one, because the
    /// [budget](RetryConfig::budget) was used up.
    pub fn out_of_budget(&self) -> u64 {
        self.totals.get(Total::OutOfBudget)
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

    /// What follows an attempt, counted and reported: `None` if its answer is the call's answer. `computed` is what the
    /// call itself says.
    #[cold]
    pub(crate) fn after_failure(
        &self,
        computed: Option<&RetryConfig>,
        started: Instant,
        attempts: &mut Attempts,
        decision: Decision,
        deadline: Option<Instant>,
    ) -> Option<Duration> {
        if attempts.reading == Attempts::UNREAD {
            attempts.reading = self.live.reading();
        }
        let config = self.live.read_again(attempts.reading)?;
        let computed = computed.map(|computed| config.with_computed(computed));
        let config = computed.as_ref().unwrap_or(config);
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
                if let Some(budget) = config.budget.map(Joined::get)
                    && !budget.withdraw()
                {
                    self.totals.increment(Total::OutOfBudget);
                    report(&Event::OutOfBudget { policy: self.name(), budget: budget.name() });
                    return None;
                }
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
        let mut attempts = self.retry.begin();
        let started = self.retry.first_call(attempts);
        loop {
            let answer = operation();
            let decision = self.decide.decide(&answer);
            if decision == Decision::Stop && answer.is_ok() {
                return answer;
            }
            let Some(delay) =
                self.retry.after_failure(None, started, &mut attempts, decision, deadline::current())
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
        let mut attempts = self.retry.begin();
        let started = self.retry.first_call(attempts);
        loop {
            let answer = operation().await;
            let decision = self.decide.decide(&answer);
            if decision == Decision::Stop && answer.is_ok() {
                return answer;
            }
            let Some(delay) =
                self.retry.after_failure(None, started, &mut attempts, decision, deadline::current())
            else {
                return answer;
            };
            clock::sleep(delay).await;
            self.decide.before_retry(&NextAttempt::new(attempts.number(), delay, answer.as_ref()));
        }
    }
}
