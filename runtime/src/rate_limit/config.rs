use std::{fmt, time::Duration};

use super::{
    KeyedRateLimiter, OnStoreError, Rate, RateLimitStore, RateLimiter, SharedRateLimiter, meter::Meter,
    rate::MAX_NANOS,
};
use crate::{ConfigError, Name, registry, store::ToStore};

/// How a limiter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Algorithm {
    /// A bucket that holds `burst` tokens and is refilled evenly at the rate. The default.
    #[default]
    TokenBucket,
    /// At most the rate's amount in the period before each request: the tokens of the present window and those of the
    /// one before it, weighed by how much of it still lies within the period. Constant memory.
    SlidingWindow,
    /// At most the rate's amount in each window. The windows follow one another without a gap from the first request
    /// on; around the border of two, twice the amount may pass.
    FixedWindow,
}

impl Algorithm {
    /// Its name as the attribute spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenBucket => "token_bucket",
            Self::SlidingWindow => "sliding_window",
            Self::FixedWindow => "fixed_window",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a limiter behaves: what `#[rate_limit]` says, as a builder.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::rate_limit::{Rate, RateLimitConfig};
///
/// let limiter = RateLimitConfig::new(Rate::per_second(100))
///     .burst(200)
///     .max_wait(Duration::from_millis(50))
///     .build("docs.search")?;
/// assert_eq!(limiter.available_tokens(), 200.0);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimitConfig {
    rate: Rate,
    burst: Option<u32>,
    initial: Option<u32>,
    max_wait: Duration,
    algorithm: Algorithm,
    max_keys: u32,
    on_store_error: OnStoreError,
}

impl Default for RateLimitConfig {
    /// Ten per second with a burst of twenty.
    fn default() -> Self {
        Self::new(Rate::per_second(10)).burst(20)
    }
}

impl RateLimitConfig {
    /// A full token bucket with this rate and a burst of the rate's amount, which refuses at once.
    pub const fn new(rate: Rate) -> Self {
        Self {
            rate,
            burst: None,
            initial: None,
            max_wait: Duration::ZERO,
            algorithm: Algorithm::TokenBucket,
            max_keys: 65_536,
            on_store_error: OnStoreError::Local,
        }
    }

    /// The most tokens that gather while nobody takes any, and so the most that can be had at once. Default: the
    /// rate's amount. Only for the token bucket.
    #[must_use]
    pub const fn burst(mut self, burst: u32) -> Self {
        self.burst = Some(burst);
        self
    }

    /// The tokens that are there at the first request. Default: the burst. Only for the token bucket.
    #[must_use]
    pub const fn initial(mut self, initial: u32) -> Self {
        self.initial = Some(initial);
        self
    }

    /// How long a request may wait for its tokens, in the order of arrival. Default zero: refuse at once. A request
    /// whose wait would be longer is refused at once as well.
    #[must_use]
    pub const fn max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = max_wait;
        self
    }

    /// How tokens are counted. Default: [`Algorithm::TokenBucket`].
    #[must_use]
    pub const fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How many keys are remembered where the limit is per key. Default 65,536.
    #[must_use]
    pub const fn max_keys(mut self, max_keys: u32) -> Self {
        self.max_keys = max_keys;
        self
    }

    /// What is done where the store of a shared limit cannot answer. Default: [`OnStoreError::Local`].
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnStoreError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// Whether this can be followed.
    ///
    /// # Errors
    ///
    /// The option at fault and what to write instead.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if let Err(error) = self.rate.check() {
            return Err(error);
        }
        if self.max_keys == 0 {
            return Err(ConfigError::new("max_keys", "no key can be remembered; write at least 1"));
        }
        if !matches!(self.algorithm, Algorithm::TokenBucket) {
            if self.burst.is_some() {
                return Err(ConfigError::new(
                    "burst",
                    "a window has no burst, its limit is the rate's amount; leave it off or use the token bucket",
                ));
            }
            if self.initial.is_some() {
                return Err(ConfigError::new(
                    "initial",
                    "a window starts empty; leave it off or use the token bucket",
                ));
            }
            return Ok(());
        }
        if self.burst_tokens() == 0 {
            return Err(ConfigError::new(
                "burst",
                "a bucket that holds nothing admits nothing; write at least 1",
            ));
        }
        if self.initial_tokens() > self.burst_tokens() {
            return Err(ConfigError::new(
                "initial",
                "the bucket cannot start with more than it holds; lower it or raise `burst`",
            ));
        }
        if Meter::fill_time(self.rate, self.burst_tokens()) > MAX_NANOS as u128 {
            return Err(ConfigError::new(
                "burst",
                "at this rate the bucket takes longer than nine years to fill; lower the burst or raise the rate",
            ));
        }
        Ok(())
    }

    /// A limit per key for the caller's own use, whose tokens are counted in `store` for all processes together.
    ///
    /// # Errors
    ///
    /// See [`RateLimitConfig::check`].
    pub fn build_with_store<T: ToStore>(
        self,
        name: impl Into<Name>,
        store: T,
    ) -> Result<SharedRateLimiter<T::Store>, ConfigError>
    where
        T::Store: RateLimitStore,
    {
        self.check()?;
        Ok(SharedRateLimiter::new(name.into(), self, store.to_store()))
    }

    /// The rate.
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// The burst: as given, else the rate's amount.
    pub const fn burst_tokens(&self) -> u32 {
        match self.burst {
            Some(burst) => burst,
            None => self.rate.amount(),
        }
    }

    /// The tokens at the first request: as given, else the burst.
    pub const fn initial_tokens(&self) -> u32 {
        match self.initial {
            Some(initial) => initial,
            None => self.burst_tokens(),
        }
    }

    /// How tokens are counted.
    pub const fn kind(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) const fn patience(&self) -> Duration {
        self.max_wait
    }

    pub(super) const fn on_failure(&self) -> OnStoreError {
        self.on_store_error
    }

    pub(super) const fn key_limit(&self) -> u32 {
        self.max_keys
    }

    /// What `change` makes of it, if that can be followed. Tokens at the start that no longer fit are lowered.
    pub(super) fn followed_by(&self, change: impl FnOnce(Self) -> Self) -> Result<Self, ConfigError> {
        let mut config = change(*self);
        if config.initial.is_some() {
            config = config.initial(config.initial_tokens().min(config.burst_tokens()));
        }
        config.check()?;
        Ok(config)
    }

    /// What is counted by.
    pub(super) fn numbers(&self) -> (Rate, Option<u32>, Option<u32>, Algorithm) {
        (self.rate, self.burst, self.initial, self.algorithm)
    }

    /// The same but counting as `other` does.
    pub(super) const fn with_numbers_of(self, other: &Self) -> Self {
        let Self { rate, burst, initial, algorithm, .. } = *other;
        Self { rate, burst, initial, algorithm, ..self }
    }

    pub(super) const fn given_burst(&self) -> Option<u32> {
        self.burst
    }

    pub(super) const fn given_initial(&self) -> Option<u32> {
        self.initial
    }

    pub(super) const fn without_burst(self) -> Self {
        Self { burst: None, ..self }
    }

    pub(super) const fn without_initial(self) -> Self {
        Self { initial: None, ..self }
    }

    pub(super) const fn with_rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }
}

registry::made!(RateLimitConfig => RateLimiter::with_name);
registry::made!(RateLimitConfig: check, build_keyed, register_keyed => KeyedRateLimiter::with_name);

impl fmt::Display for RateLimitConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rate)?;
        if self.algorithm == Algorithm::TokenBucket {
            write!(f, ", burst {}", self.burst_tokens())?;
            if self.initial_tokens() != self.burst_tokens() {
                write!(f, ", initial {}", self.initial_tokens())?;
            }
        } else {
            write!(f, ", {}", self.algorithm)?;
        }
        if !self.max_wait.is_zero() {
            write!(f, ", max_wait {:?}", self.max_wait)?;
        }
        Ok(())
    }
}
