use std::{fmt, future::Future, hash::Hash, sync::Arc, time::Duration};

use super::{
    RateLimitConfig,
    amount::Amount,
    enter::{Gate, Patience, ask, enter, enter_async},
    queue::{Place, Queue},
    refusal::Refusal,
    rule::{Attempt, Rule, Spent},
    table::{Keeper, Standing, Table},
};
use crate::{
    Error, FromRefusal, Name,
    clock::{self, Instant},
    observe::Counter,
    registry::{Policy, Shelf},
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
    name: Name,
    config: RateLimitConfig,
    rule: Rule,
    keys: Table<Key>,
    admitted: Counter,
    rejected: Counter,
}

/// What is known of one key.
#[derive(Debug)]
pub(super) struct Key {
    spent: Spent,
    /// Made when somebody first waits.
    queue: Option<Arc<Queue>>,
}

impl Key {
    fn has_waiters(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| queue.waiters() > 0)
    }

    /// Gives the key its tokens back, and says who waits on it: then it must stay.
    fn start_anew(&mut self, unspent: Spent) -> Option<Arc<Queue>> {
        self.spent = unspent;
        self.queue.clone().filter(|queue| queue.waiters() > 0)
    }
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
            config,
            rule: Rule::new(&config),
            keys: Table::new(config.key_limit()),
            admitted: Counter::new(),
            rejected: Counter::new(),
        }
    }

    fn key(&self, key: &(impl Hash + ?Sized)) -> KeyGate<'_> {
        KeyGate { limiter: self, hash: self.keys.hash(key) }
    }

    /// Takes tokens of `key` if they are there and nobody waits for any; see
    /// [`RateLimiter::try_acquire`](super::RateLimiter::try_acquire).
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] with the time until they are there, or [`Error::ExceedsBurst`]. Nothing is taken then.
    #[inline]
    pub fn try_acquire<K: Hash + ?Sized>(&self, key: &K, tokens: f64) -> Result<(), Error> {
        self.ask(self.keys.hash(key), tokens).map_err(|refusal| refusal.error(&self.name, tokens))
    }

    #[inline(never)]
    fn ask(&self, hash: u64, tokens: f64) -> Result<(), Refusal> {
        ask(&KeyGate { limiter: self, hash }, tokens)
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
        enter(self.key(key), tokens, Patience::up_to(self.config.patience(), deadline))
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
        enter_async(self.key(key), tokens, Patience::up_to(self.config.patience(), deadline))
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
        let now = clock::now();
        let spent = self.keys.peek(self.keys.hash(key), |known| known.spent);
        self.rule.available(spent.unwrap_or(self.rule.unspent()), now)
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
        let mut waiting = None;
        self.keys.remove(self.keys.hash(key), |known| {
            waiting = known.start_anew(self.rule.unspent());
            waiting.is_some()
        });
        waiting.iter().for_each(|queue| queue.wake());
    }

    /// Forgets what all keys have spent.
    pub fn reset(&self) {
        let mut waiting = Vec::new();
        self.keys.retain(|known| {
            let queue = known.start_anew(self.rule.unspent());
            let stays = queue.is_some();
            waiting.extend(queue);
            stays
        });
        waiting.iter().for_each(|queue| queue.wake());
    }

    /// How many requests were admitted, of all keys.
    pub fn admitted_count(&self) -> u64 {
        self.admitted.get()
    }

    /// How many requests were refused, of all keys.
    pub fn rejected_count(&self) -> u64 {
        self.rejected.get()
    }

    /// The configuration.
    pub fn config(&self) -> RateLimitConfig {
        self.config
    }
}

impl Keeper for KeyedRateLimiter {
    type Entry = Key;

    fn fresh(&self) -> Key {
        Key { spent: self.rule.unspent(), queue: None }
    }

    fn standing(&self, key: &Key, now: Instant) -> Standing {
        if key.has_waiters() {
            Standing::Held
        } else if self.rule.is_idle(key.spent, now) {
            Standing::Idle
        } else {
            Standing::Spent(self.rule.available(key.spent, now))
        }
    }
}

/// The limit of one key.
#[derive(Clone, Copy)]
struct KeyGate<'a> {
    limiter: &'a KeyedRateLimiter,
    hash: u64,
}

impl KeyGate<'_> {
    #[inline]
    fn with<R>(&self, now: Instant, f: impl FnOnce(&mut Key) -> R) -> R {
        self.limiter.keys.with(self.hash, now, self.limiter, f)
    }
}

impl Gate for KeyGate<'_> {
    type Handle = Arc<Queue>;

    fn name(&self) -> &Name {
        &self.limiter.name
    }

    #[inline(always)]
    fn newcomer(&self, amount: Amount) -> Attempt {
        let rule = &self.limiter.rule;
        // Before a key is made for it.
        if let Some(burst) = rule.too_much(amount) {
            return Attempt::TooMuch { burst };
        }
        let now = clock::now();
        self.with(
            now,
            #[inline(always)]
            |key| {
                let ahead = key.queue.as_ref().map_or(0, |queue| queue.ahead());
                rule.take(&mut key.spent, amount, ahead, now, clock::now)
            },
        )
    }

    fn join(&self, amount: Amount) -> Option<(Place<Arc<Queue>>, Attempt)> {
        let now = clock::now();
        // The place is taken under the lock: a key with waiters is never let go.
        self.with(now, |key| {
            let queue = key.queue.get_or_insert_with(|| Arc::new(Queue::new()));
            let (place, ahead) = Place::take(Arc::clone(queue), amount)?;
            Some((place, self.limiter.rule.take(&mut key.spent, amount, ahead, now, clock::now)))
        })
    }

    fn head(&self, amount: Amount, earliest: Instant) -> Attempt {
        let rule = &self.limiter.rule;
        if let Some(burst) = rule.too_much(amount) {
            return Attempt::TooMuch { burst };
        }
        let clock = || clock::now().max(earliest);
        let now = clock();
        self.with(now, |key| rule.take_as_head(&mut key.spent, amount, now, clock))
    }

    #[inline]
    fn count_admitted(&self) {
        self.limiter.admitted.increment();
    }

    #[inline]
    fn count_rejected(&self) {
        self.limiter.rejected.increment();
    }
}

impl fmt::Debug for KeyedRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedRateLimiter")
            .field("name", &self.name)
            .field("config", &self.config)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Policy for KeyedRateLimiter {
    const ATTRIBUTE: &'static str = "rate_limit";

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config == other.config
    }

    fn describe_config(&self) -> String {
        format!("{} per key", self.config)
    }

    fn describe_state(&self) -> String {
        format!("{} keys", self.len())
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<KeyedRateLimiter> = Shelf::new();
        &SHELF
    }
}
