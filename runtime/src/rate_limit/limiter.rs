use std::{fmt, future::Future, time::Duration};

use super::{
    Rate, RateLimitConfig,
    engine::Engine,
    enter::{Patience, answer, answer_or_wait, ask, ask_or_wait, enter, enter_async},
    follow::{Follows, InForce},
    later::{Asked, Later, Of},
    queue::Queue,
    refusal::Refusal,
};
use crate::{
    ConfigError, Error, FromRefusal, Name,
    clock::{self, Instant},
    observe::Counts,
    overrides::Live,
    sync::Mutex,
};

/// A rate limit: tokens come at a rate, calls take them, and who finds too few is refused or waits.
///
/// The token bucket is one atomic word. A refusal writes nothing and says exactly how long it takes until the tokens
/// are there. Who waits is served in the order of arrival, is not overtaken by newcomers, and takes nothing before its
/// turn, so a wait can be dropped at any time.
///
/// Tokens may be fractions, down to a millionth. A request for none is always admitted; one for more than the burst,
/// for less than nothing or for no number at all is [`Error::ExceedsBurst`] at once.
///
/// ```
/// use mainstay_runtime::{Kind, rate_limit::{Rate, RateLimiter}};
///
/// let limiter = RateLimiter::builder(Rate::per_hour(2)).build("docs.reports")?;
/// assert!(limiter.try_acquire(1.0).is_ok());
/// assert!(limiter.try_acquire(1.0).is_ok());
///
/// let refused = limiter.try_acquire(1.0).unwrap_err();
/// assert_eq!(refused.kind(), Kind::RateLimited);
/// assert!(refused.retry_after().unwrap() <= std::time::Duration::from_secs(1800));
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct RateLimiter {
    pub(super) name: Name,
    pub(super) live: Live<RateLimitConfig>,
    pub(super) engine: Engine,
    pub(super) queue: Queue,
    pub(super) counts: Counts<2>,
    in_force: Mutex<InForce>,
}

/// What is counted.
pub(super) const ADMITTED: usize = 0;
pub(super) const REJECTED: usize = 1;

impl RateLimiter {
    /// The configuration of a limiter with that rate; see [`RateLimitConfig::new`].
    pub const fn builder(rate: Rate) -> RateLimitConfig {
        RateLimitConfig::new(rate)
    }

    /// A limiter in a static. The configuration must have been checked.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: RateLimitConfig) -> Self {
        Self::with_name(Name::from_static(name), config)
    }

    pub(super) const fn with_name(name: Name, config: RateLimitConfig) -> Self {
        Self {
            name,
            live: Live::new(config),
            engine: Engine::new(&config),
            queue: Queue::new(),
            counts: Counts::new(),
            in_force: Mutex::new(InForce::new(config)),
        }
    }

    /// Takes tokens if they are there and nobody waits for any.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] with the time until they are there, or [`Error::ExceedsBurst`]. Nothing is taken then.
    #[inline]
    pub fn try_acquire(&self, tokens: f64) -> Result<(), Error> {
        // Where the number is a constant, the compiler chooses.
        let asked = if tokens == 1.0 { self.ask_for_one() } else { self.ask_with_care(tokens) };
        asked.map_err(|refusal| refusal.error(&self.name, tokens))
    }

    #[inline(never)]
    fn ask_for_one(&self) -> Result<(), Refusal> {
        if self.live.is_on()
            && let Some(bucket) = self.engine.bucket()
            && self.queue.ahead() == 0
            && let Some(attempt) = bucket.take_one_plainly(clock::now)
        {
            return answer(&self, 1.0, attempt);
        }
        self.ask_with_care(1.0)
    }

    /// The same for every engine, any number of tokens and whoever waits.
    #[inline(never)]
    fn ask_with_care(&self, tokens: f64) -> Result<(), Refusal> {
        ask(&self, tokens)
    }

    /// Takes tokens, and blocks this thread until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::ExceedsBurst`].
    pub fn acquire(&self, tokens: f64) -> Result<(), Error> {
        enter(self, tokens, Patience::Forever)
    }

    /// Takes tokens, and blocks this thread up to `max_wait` until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] at once if that would take longer, or [`Error::ExceedsBurst`]. Nothing is taken then.
    pub fn acquire_timeout(&self, tokens: f64, max_wait: Duration) -> Result<(), Error> {
        enter(self, tokens, Patience::up_to(max_wait, None))
    }

    /// Takes tokens, and waits until they are there. Dropping the future gives the place in the queue back.
    ///
    /// # Errors
    ///
    /// [`Error::ExceedsBurst`].
    pub fn acquire_async(&self, tokens: f64) -> impl Future<Output = Result<(), Error>> + Send + '_ {
        enter_async(self, tokens, Patience::Forever)
    }

    /// Takes tokens, and waits up to `max_wait` until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] at once if that would take longer, or [`Error::ExceedsBurst`]. Nothing is taken then.
    pub fn acquire_timeout_async(
        &self,
        tokens: f64,
        max_wait: Duration,
    ) -> impl Future<Output = Result<(), Error>> + Send + '_ {
        enter_async(self, tokens, Patience::up_to(max_wait, None))
    }

    /// Takes tokens, where the code has no `max_wait`.
    #[doc(hidden)]
    #[inline]
    pub fn enter_now(&self, tokens: f64) -> Asked<'_> {
        let asked = if tokens == 1.0 { self.ask_for_one_or_wait() } else { self.ask_or_wait(tokens) };
        match asked {
            Some(asked) => Asked::Done(asked.map_err(|refusal| refusal.error(&self.name, tokens))),
            None => Asked::Later(Later::new(Of::One(self), tokens)),
        }
    }

    #[inline(never)]
    fn ask_for_one_or_wait(&self) -> Option<Result<(), Refusal>> {
        if self.live.is_on()
            && let Some(bucket) = self.engine.bucket()
            && self.queue.ahead() == 0
            && let Some(attempt) = bucket.take_one_plainly(clock::now)
        {
            return answer_or_wait(&self, 1.0, attempt);
        }
        self.ask_or_wait(1.0)
    }

    #[inline(never)]
    fn ask_or_wait(&self, tokens: f64) -> Option<Result<(), Refusal>> {
        ask_or_wait(&self, tokens)
    }

    /// Takes tokens as configured: waits up to the `max_wait` of the configuration, not beyond `deadline`.
    #[doc(hidden)]
    #[inline]
    pub fn enter(&self, tokens: f64, deadline: Option<Instant>) -> Result<(), Error> {
        enter(self, tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    /// See [`RateLimiter::enter`].
    #[doc(hidden)]
    #[inline]
    pub fn enter_async(
        &self,
        tokens: f64,
        deadline: Option<Instant>,
    ) -> impl Future<Output = Result<(), Error>> + Send + '_ {
        enter_async(self, tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    /// Runs `f` for one token, waiting as configured.
    ///
    /// # Errors
    ///
    /// The error of `f`, or the refusal as such an error; `f` is not run then.
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.enter(1.0, None).map_err(E::from_refusal)?;
        f()
    }

    /// Runs `future` for one token, waiting as configured.
    ///
    /// # Errors
    ///
    /// The error of `future`, or the refusal as such an error; `future` is not polled then.
    pub async fn call_async<T, E: FromRefusal>(
        &self,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.enter_async(1.0, None).await.map_err(E::from_refusal)?;
        future.await
    }

    /// The tokens that are there now, whoever waits for them.
    pub fn available_tokens(&self) -> f64 {
        self.engine.available(clock::now())
    }

    /// Changes the rate from now on. A burst that was configured stays, else it follows the rate. The tokens that are
    /// there are kept, as far as they fit; who waits is served at the new rate.
    ///
    /// # Errors
    ///
    /// If the rate makes no sense; nothing is changed then.
    pub fn set_rate(&self, rate: Rate) -> Result<(), ConfigError> {
        self.order(|config| config.with_rate(rate))
    }

    /// Changes the rate and the burst from now on; see [`RateLimiter::set_rate`].
    ///
    /// # Errors
    ///
    /// If they make no sense, or if this is no token bucket; nothing is changed then.
    pub fn reconfigure(&self, rate: Rate, burst: u32) -> Result<(), ConfigError> {
        self.order(|config| config.with_rate(rate).burst(burst))
    }

    /// The configuration in force.
    pub fn config(&self) -> RateLimitConfig {
        self.counted_by()
    }

    /// Puts the tokens back to how they were at the start. The rate in force stays, and so do the counts.
    pub fn reset(&self) {
        self.engine.reset();
        self.queue.wake();
    }

    /// How many requests were admitted.
    pub fn admitted_count(&self) -> u64 {
        self.counts.get(ADMITTED)
    }

    /// How many requests were refused.
    pub fn rejected_count(&self) -> u64 {
        self.counts.get(REJECTED)
    }

    /// How many requests wait for tokens.
    pub fn waiting(&self) -> u32 {
        self.queue.waiters()
    }

    /// Whether a new limiter would stand just as well.
    pub(super) fn is_unspent(&self, now: Instant) -> bool {
        self.engine.is_unspent(now)
    }
}

impl Follows for RateLimiter {
    fn in_force(&self) -> &Mutex<InForce> {
        &self.in_force
    }

    fn count_by(&self, config: &RateLimitConfig) {
        self.engine.change(config, clock::now());
    }

    fn wake(&self) {
        self.queue.wake();
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("name", &self.name)
            .field("config", &self.config())
            .field("available_tokens", &self.available_tokens())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
