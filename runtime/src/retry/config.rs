use std::time::Duration;

use super::{Backoff, Jitter, Retry, per_call::PerCall};
use crate::{
    ConfigError,
    budget::{Budget, Joined},
    registry::{self, Slot},
};

/// The options of a retry policy, with the names and defaults of `#[retry]`.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::retry::{Backoff, Jitter, Retry};
///
/// let retry = Retry::builder()
///     .max_attempts(5)
///     .initial_delay(Duration::from_millis(100))
///     .backoff(Backoff::Fibonacci)
///     .jitter(Jitter::Equal)
///     .build("quotes")?;
/// assert_eq!(retry.name(), "quotes");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryConfig {
    pub(super) max_attempts: u32,
    pub(super) initial_delay: Duration,
    pub(super) max_delay: Duration,
    pub(super) exponential_base: f64,
    pub(super) backoff: Backoff,
    pub(super) jitter: Jitter,
    pub(super) max_elapsed: Option<Duration>,
    pub(super) budget: Option<Joined>,
    /// What each call says itself.
    pub(super) per_call: PerCall,
}

impl RetryConfig {
    /// Three attempts, waits of 1 s and 2 s made random by full jitter.
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            initial_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(60),
            exponential_base: 2.0,
            backoff: Backoff::Exponential,
            jitter: Jitter::Full,
            max_elapsed: None,
            budget: None,
            per_call: PerCall::NONE,
        }
    }

    /// How many calls are made at most, the first included. Default 3.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The wait before the second attempt. Default 1 s.
    #[must_use]
    pub const fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// The longest wait that the backoff grows to; only a server's own word exceeds it. Default 60 s.
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The factor from one wait to the next, for [`Backoff::Exponential`]. Default 2.
    #[must_use]
    pub const fn exponential_base(mut self, base: f64) -> Self {
        self.exponential_base = base;
        self
    }

    /// How the wait grows. Default [`Backoff::Exponential`].
    #[must_use]
    pub const fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// What chance does to the wait, after the cap. Default [`Jitter::Full`].
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// The time for all calls and waits together: an attempt that could not start within it is not waited for.
    /// Default none.
    #[must_use]
    pub const fn max_elapsed(mut self, limit: Duration) -> Self {
        self.max_elapsed = Some(limit);
        self
    }

    /// From what further attempts are paid: none is made while the budget is used up, and the last error is returned at once.
    /// Default none, which sets no bound but `max_attempts`.
    ///
    /// ```
    /// use mainstay_runtime::{budget::Budget, retry::Retry};
    ///
    /// let budget = Budget::builder().ratio(0.1).register("docs.quotes")?;
    /// let retry = Retry::builder().budget(budget).build("docs.quotes")?;
    /// # drop(retry);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn budget(mut self, budget: &'static Budget) -> Self {
        self.budget = Some(Joined::instance(budget, true));
        self
    }

    /// The same where each call is made within one that pays into that budget already, in a function further out: it
    /// spends, and its first calls are not counted again.
    #[must_use]
    pub const fn within_budget(mut self, budget: &'static Budget) -> Self {
        self.budget = Some(Joined::instance(budget, false));
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn spending(mut self, budget: &'static Slot<Budget>, pays: bool) -> Self {
        self.budget = Some(Joined::slot(budget, pays));
        self
    }

    /// Whether the options make sense together.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if self.max_attempts == 0 {
            return Err(ConfigError::new("max_attempts", "the first call counts, so it must be at least 1"));
        }
        if self.max_delay.as_nanos() < self.initial_delay.as_nanos() {
            return Err(ConfigError::new("max_delay", "must not be less than `initial_delay`"));
        }
        if !(self.exponential_base >= 1.0 && self.exponential_base.is_finite()) {
            return Err(ConfigError::new("exponential_base", "must be a finite number of at least 1"));
        }
        if let Some(limit) = self.max_elapsed
            && limit.as_nanos() <= self.initial_delay.as_nanos()
        {
            return Err(ConfigError::new(
                "max_elapsed",
                "must be longer than `initial_delay`, or no second attempt could ever start",
            ));
        }
        Ok(())
    }
}

registry::made!(RetryConfig => Retry::new);

impl Default for RetryConfig {
    fn default() -> Self {
        Self::new()
    }
}
