use std::{fmt, hash::Hash, sync::Arc};

use super::{
    RateLimitConfig, RateLimiter,
    hash::hash,
    table::{Keeper, Standing, Table},
};
use crate::{
    ConfigError, Name,
    clock::{self, Instant},
};

/// A limiter for each key, made when it is first asked for; some keys may have a limit of their own.
///
/// Where all keys have the same limit, a [`KeyedRateLimiter`](super::KeyedRateLimiter) is smaller and faster. At most
/// the `max_keys` of the default configuration are remembered, and on top of them the limiters that were set and those
/// that somebody holds. Keys are remembered by a 64-bit hash.
///
/// ```
/// use mainstay_runtime::rate_limit::{Rate, RateLimitConfig, RateLimiterRegistry};
///
/// let registry = RateLimiterRegistry::new(RateLimitConfig::default())?;
/// registry.set_limiter("premium_user_456", RateLimitConfig::new(Rate::per_second(1000)))?;
///
/// assert_eq!(registry.get_limiter("user_123").available_tokens(), 20.0);
/// assert_eq!(registry.get_limiter("premium_user_456").available_tokens(), 1000.0);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct RateLimiterRegistry {
    name: Name,
    default: RateLimitConfig,
    limiters: Table<Held>,
}

#[derive(Debug)]
pub(super) struct Held {
    limiter: Arc<RateLimiter>,
    /// Set by hand: never let go.
    pinned: bool,
}

impl RateLimiterRegistry {
    /// A registry whose limiters are made from `default` and call themselves `rate_limit`.
    ///
    /// # Errors
    ///
    /// See [`RateLimitConfig::check`].
    pub fn new(default: RateLimitConfig) -> Result<Self, ConfigError> {
        Self::named("rate_limit", default)
    }

    /// A registry whose limiters go by `name` in errors and events.
    ///
    /// # Errors
    ///
    /// See [`RateLimitConfig::check`].
    pub fn named(name: impl Into<Name>, default: RateLimitConfig) -> Result<Self, ConfigError> {
        default.check()?;
        Ok(Self { name: name.into(), default, limiters: Table::new(default.key_limit()) })
    }

    /// The limiter of `key`, made if there is none.
    pub fn get_limiter<K: Hash + ?Sized>(&self, key: &K) -> Arc<RateLimiter> {
        let hash = hash(key);
        self.limiters.with(hash, clock::now(), self, |held| Arc::clone(&held.limiter))
    }

    /// Gives `key` a new limiter of its own, which stays until it is removed. Whoever holds or waits on the one before
    /// keeps to that one.
    ///
    /// # Errors
    ///
    /// See [`RateLimitConfig::check`].
    pub fn set_limiter<K: Hash + ?Sized>(&self, key: &K, config: RateLimitConfig) -> Result<(), ConfigError> {
        config.check()?;
        let limiter = Arc::new(RateLimiter::with_name(self.name.clone(), config));
        let hash = hash(key);
        let new = Held { limiter, pinned: true };
        let before = self.limiters.with(hash, clock::now(), self, |held| std::mem::replace(held, new));
        drop(before);
        Ok(())
    }

    /// Forgets the limiter of `key`, and its own limit if it has one. Returns whether there was one.
    pub fn remove_limiter<K: Hash + ?Sized>(&self, key: &K) -> bool {
        self.limiters.remove(hash(key), |_| false).is_some()
    }

    /// Puts the tokens of all limiters back to how they were at the start. Limits that were set stay.
    pub fn reset_all(&self) {
        let mut all = Vec::new();
        self.limiters.retain(|held| {
            all.push(Arc::clone(&held.limiter));
            true
        });
        // Apart from the lock, since it wakes who waits.
        all.iter().for_each(|limiter| limiter.reset());
    }

    /// How many limiters are remembered.
    pub fn len(&self) -> usize {
        self.limiters.len()
    }

    /// Whether no limiter is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Keeper for RateLimiterRegistry {
    type Entry = Held;

    fn fresh(&self) -> Held {
        Held { limiter: Arc::new(RateLimiter::with_name(self.name.clone(), self.default)), pinned: false }
    }

    fn standing(&self, held: &Held, now: Instant) -> Standing {
        if held.pinned || Arc::strong_count(&held.limiter) > 1 {
            Standing::Held
        } else if held.limiter.is_unspent(now) && held.limiter.config() == self.default {
            Standing::Idle
        } else {
            Standing::Spent(held.limiter.available_tokens())
        }
    }
}

impl fmt::Debug for RateLimiterRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiterRegistry")
            .field("name", &self.name)
            .field("default", &self.default)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
