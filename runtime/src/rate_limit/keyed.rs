use std::{fmt, future::Future, hash::Hash, time::Duration};

use super::{
    Rate, RateLimitConfig,
    amount::Amount,
    enter::{Patience, answer, answer_or_wait, ask, ask_or_wait, enter, enter_async},
    follow::{Follows, InForce},
    gate::KeyGate,
    hash::hash,
    keys::Keys,
    later::{Asked, Later, Of},
    refusal::Refusal,
};
use crate::{
    ConfigError, Error, FromRefusal, Name,
    clock::{self, Instant},
    observe::Counter,
    overrides::Live,
    sync::Mutex,
};

/// A rate limit for each key: per user, per tenant, per address.
///
/// Every key has the same limit and its own tokens. At most `max_keys` are remembered (and those that somebody waits
/// on): keys that have all their tokens back, and have not been asked for in the last second, leave as others come,
/// since a new key would stand just as well; where that is not enough, those leave that have spent the least. A million
/// different keys take no more memory than that.
///
/// A key is remembered by a 64-bit hash of it, keyed at random. Two keys of ten million share their tokens with a
/// chance of one in 370,000, and nobody outside can choose which.
///
/// ```
/// use mainstay_runtime::rate_limit::{Rate, RateLimitConfig};
///
/// let limiter = RateLimitConfig::new(Rate::per_minute(1)).build_keyed("docs.login")?;
/// assert!(limiter.try_acquire("ann", 1.0).is_ok());
/// assert!(limiter.try_acquire("ann", 1.0).is_err());
/// assert!(limiter.try_acquire("bob", 1.0).is_ok());
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct KeyedRateLimiter {
    pub(super) name: Name,
    pub(super) live: Live<RateLimitConfig>,
    pub(super) keys: Keys,
    pub(super) admitted: Counter,
    pub(super) rejected: Counter,
    in_force: Mutex<InForce>,
}

impl KeyedRateLimiter {
    /// A limiter in a static. The configuration must have been checked.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: RateLimitConfig) -> Self {
        Self::with_name(Name::from_static(name), config)
    }

    pub(super) const fn with_name(name: Name, config: RateLimitConfig) -> Self {
        Self {
            name,
            live: Live::new(config),
            keys: Keys::new(&config),
            admitted: Counter::new(),
            rejected: Counter::new(),
            in_force: Mutex::new(InForce::new(config)),
        }
    }

    fn key(&self, key: &(impl Hash + ?Sized)) -> KeyGate<'_> {
        KeyGate { limiter: self, hash: hash(key) }
    }

    /// Takes tokens of `key` if they are there and nobody waits for any; see
    /// [`RateLimiter::try_acquire`](super::RateLimiter::try_acquire).
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] with the time until they are there, or [`Error::ExceedsBurst`]. Nothing is taken then.
    #[inline]
    pub fn try_acquire<K: Hash + ?Sized>(&self, key: &K, tokens: f64) -> Result<(), Error> {
        let hash = hash(key);
        // Where the number is a constant, the compiler chooses.
        let asked = if tokens == 1.0 { self.ask_for_one(hash) } else { self.ask(hash, tokens) };
        asked.map_err(|refusal| refusal.error(&self.name, tokens))
    }

    #[inline(never)]
    fn ask_for_one(&self, hash: u64) -> Result<(), Refusal> {
        if self.live.is_on()
            && let Some(buckets) = self.keys.buckets()
            && let Some(attempt) = buckets.take_plainly(hash, Amount::ONE, clock::now)
        {
            return answer(&KeyGate { limiter: self, hash }, 1.0, attempt);
        }
        self.ask(hash, 1.0)
    }

    #[inline(never)]
    fn ask(&self, hash: u64, tokens: f64) -> Result<(), Refusal> {
        ask(&KeyGate { limiter: self, hash }, tokens)
    }

    /// See [`RateLimiter::enter_now`](super::RateLimiter::enter_now).
    #[doc(hidden)]
    #[inline]
    pub fn enter_now<K: Hash + ?Sized>(&self, key: &K, tokens: f64) -> Asked<'_> {
        let hash = hash(key);
        let asked =
            if tokens == 1.0 { self.ask_for_one_or_wait(hash) } else { self.ask_or_wait(hash, tokens) };
        match asked {
            Some(asked) => Asked::Done(asked.map_err(|refusal| refusal.error(&self.name, tokens))),
            None => Asked::Later(Later::new(Of::Key(KeyGate { limiter: self, hash }), tokens)),
        }
    }

    #[inline(never)]
    fn ask_for_one_or_wait(&self, hash: u64) -> Option<Result<(), Refusal>> {
        if self.live.is_on()
            && let Some(buckets) = self.keys.buckets()
            && let Some(attempt) = buckets.take_plainly(hash, Amount::ONE, clock::now)
        {
            return answer_or_wait(&KeyGate { limiter: self, hash }, 1.0, attempt);
        }
        self.ask_or_wait(hash, 1.0)
    }

    #[inline(never)]
    fn ask_or_wait(&self, hash: u64, tokens: f64) -> Option<Result<(), Refusal>> {
        ask_or_wait(&KeyGate { limiter: self, hash }, tokens)
    }

    /// Takes tokens of `key`, and blocks this thread until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::ExceedsBurst`].
    pub fn acquire<K: Hash + ?Sized>(&self, key: &K, tokens: f64) -> Result<(), Error> {
        enter(self.key(key), tokens, Patience::Forever)
    }

    /// Takes tokens of `key`, and blocks this thread up to `max_wait` until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] at once if that would take longer, or [`Error::ExceedsBurst`]. Nothing is taken then.
    pub fn acquire_timeout<K: Hash + ?Sized>(
        &self,
        key: &K,
        tokens: f64,
        max_wait: Duration,
    ) -> Result<(), Error> {
        enter(self.key(key), tokens, Patience::up_to(max_wait, None))
    }

    /// Takes tokens of `key`, and waits until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::ExceedsBurst`].
    pub fn acquire_async<'a, K: Hash + ?Sized>(
        &'a self,
        key: &K,
        tokens: f64,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'a, K> {
        enter_async(self.key(key), tokens, Patience::Forever)
    }

    /// Takes tokens of `key`, and waits up to `max_wait` until they are there.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] at once if that would take longer, or [`Error::ExceedsBurst`]. Nothing is taken then.
    pub fn acquire_timeout_async<'a, K: Hash + ?Sized>(
        &'a self,
        key: &K,
        tokens: f64,
        max_wait: Duration,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'a, K> {
        enter_async(self.key(key), tokens, Patience::up_to(max_wait, None))
    }

    /// Takes tokens of `key` as configured: waits up to the `max_wait` of the configuration, not beyond `deadline`.
    #[doc(hidden)]
    #[inline]
    pub fn enter<K: Hash + ?Sized>(
        &self,
        key: &K,
        tokens: f64,
        deadline: Option<Instant>,
    ) -> Result<(), Error> {
        enter(self.key(key), tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    /// See [`KeyedRateLimiter::enter`]. The key is not kept while waiting.
    #[doc(hidden)]
    #[inline]
    pub fn enter_async<'a, K: Hash + ?Sized>(
        &'a self,
        key: &K,
        tokens: f64,
        deadline: Option<Instant>,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'a, K> {
        enter_async(self.key(key), tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    /// Runs `f` for one token of `key`, waiting as configured.
    ///
    /// # Errors
    ///
    /// The error of `f`, or the refusal as such an error; `f` is not run then.
    pub fn call<K: Hash + ?Sized, T, E: FromRefusal>(
        &self,
        key: &K,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.enter(key, 1.0, None).map_err(E::from_refusal)?;
        f()
    }

    /// Runs `future` for one token of `key`, waiting as configured.
    ///
    /// # Errors
    ///
    /// The error of `future`, or the refusal as such an error; `future` is not polled then.
    pub async fn call_async<K: Hash + ?Sized, T, E: FromRefusal>(
        &self,
        key: &K,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.enter_async(key, 1.0, None).await.map_err(E::from_refusal)?;
        future.await
    }

    /// The tokens that `key` has now, whoever waits for them.
    pub fn available_tokens<K: Hash + ?Sized>(&self, key: &K) -> f64 {
        self.keys.available(hash(key), clock::now())
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what `key` has spent. Whoever waits on it is served like a new key's.
    pub fn remove<K: Hash + ?Sized>(&self, key: &K) {
        let waiting = self.keys.remove(hash(key));
        waiting.iter().for_each(|queue| queue.wake());
    }

    /// Forgets what all keys have spent.
    pub fn reset(&self) {
        // Apart from the lock, since it wakes who waits.
        let waiting = self.keys.reset();
        waiting.iter().for_each(|queue| queue.wake());
    }

    /// Changes the rate from now on, for all keys. A burst that was configured stays, else it follows the rate. Every key
    /// keeps the tokens that it has, as far as they fit; who waits is served at the new rate.
    ///
    /// # Errors
    ///
    /// If the rate makes no sense; nothing is changed then.
    pub fn set_rate(&self, rate: Rate) -> Result<(), ConfigError> {
        self.order(|config| config.with_rate(rate))
    }

    /// Changes the rate and the burst from now on; see [`KeyedRateLimiter::set_rate`].
    ///
    /// # Errors
    ///
    /// If they make no sense, or if this is no token bucket; nothing is changed then.
    pub fn reconfigure(&self, rate: Rate, burst: u32) -> Result<(), ConfigError> {
        self.order(|config| config.with_rate(rate).burst(burst))
    }

    /// How many requests were admitted, of all keys.
    pub fn admitted_count(&self) -> u64 {
        self.admitted.get()
    }

    /// How many requests were refused, of all keys.
    pub fn rejected_count(&self) -> u64 {
        self.rejected.get()
    }

    /// The configuration in force.
    pub fn config(&self) -> RateLimitConfig {
        self.counted_by()
    }
}

impl Follows for KeyedRateLimiter {
    fn in_force(&self) -> &Mutex<InForce> {
        &self.in_force
    }

    fn count_by(&self, config: &RateLimitConfig) {
        self.keys.change(config, clock::now());
    }

    fn remember(&self, keys: u32) {
        self.keys.set_max(keys);
    }

    fn wake(&self) {
        self.keys.queues().iter().for_each(|queue| queue.wake());
    }
}

impl fmt::Debug for KeyedRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedRateLimiter")
            .field("name", &self.name)
            .field("config", &self.config())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
