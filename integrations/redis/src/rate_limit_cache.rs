use std::time::Duration;

use mainstay_runtime::{
    rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitStore, Take, Taken},
    store::{StoreError, StoreErrorKind},
};

use crate::RedisStore;

/// Limits that are chosen at each call and shared by all instances: `limit` calls per `window` and key.
///
/// ```no_run
/// use std::time::Duration;
/// use mainstay_redis::{RateLimitCache, RedisStore};
///
/// # async fn example() -> Result<(), mainstay_runtime::store::StoreError> {
/// let store = RedisStore::connect("redis://127.0.0.1:6379").await?;
/// let limits = RateLimitCache::new(&store);
///
/// let taken = limits.check_rate_limit("user:123", 100, Duration::from_secs(3600)).await?;
/// if !taken.allowed {
///     println!("try again in {:?}", taken.retry_after);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RateLimitCache {
    store: RedisStore,
    algorithm: Algorithm,
}

impl RateLimitCache {
    /// Limits that slide: [`Algorithm::SlidingWindow`].
    pub fn new(store: &RedisStore) -> Self {
        Self { store: store.clone(), algorithm: Algorithm::SlidingWindow }
    }

    /// The same with another algorithm. As a token bucket, `limit` is the burst, too.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Counts a call of `key` against `limit` per `window`, if it is within. One atomic step and one round trip; a call that
    /// is refused is not counted. A limit of zero refuses all.
    ///
    /// The same key with another limit, window or algorithm is another limit.
    ///
    /// # Errors
    /// The server cannot answer; or the window is zero, longer than nine years, or shorter than a nanosecond per call.
    pub async fn check_rate_limit(
        &self,
        key: &str,
        limit: u32,
        window: Duration,
    ) -> Result<Taken, StoreError> {
        if limit == 0 {
            return Ok(Taken {
                allowed: false,
                remaining: 0.0,
                retry_after: None,
                reset_after: Duration::ZERO,
            });
        }
        let config = RateLimitConfig::new(Rate::new(limit, window)).algorithm(self.algorithm);
        config.check().map_err(|error| {
            let (place, said) = (self.store.place(), error.to_string());
            StoreError::because(StoreErrorKind::Refused, place, "check_rate_limit", said, error)
        })?;
        self.store.take(Take { key, config: &config, tokens: 1.0 }).await
    }
}
