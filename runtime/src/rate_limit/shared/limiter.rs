use std::{fmt, future::Future, time::Duration};

use super::{SharedLimit, request::Patience};
use crate::{
    Error, FromRefusal, Name,
    rate_limit::{RateLimitConfig, RateLimitStore, Take, Taken},
    store::{StoreError, StoreRef, ToKey},
};

/// A rate limit whose tokens are counted in a store, for all processes that have one of the same name, configuration and
/// store: the twin of `#[rate_limit(…, store = …)]`.
///
/// Made by [`RateLimitConfig::build_with_store`]. The key says whose tokens are taken, as in a
/// [`KeyedRateLimiter`](crate::rate_limit::KeyedRateLimiter); an empty text is the one limit of all. Tokens may be fractions,
/// down to a millionth. A request for none is always admitted; one for more than the burst is
/// [`Error::ExceedsBurst`] at once, and neither asks the store.
///
/// Requests of this process that wait for tokens of one key are served in the order of arrival; between processes there is
/// no order.
///
/// ```no_run
/// use std::sync::Arc;
/// use mainstay_runtime::{Error, rate_limit::{Rate, RateLimitConfig, RateLimitStore}};
///
/// # async fn example(redis: Arc<dyn RateLimitStore>) -> Result<(), Box<dyn std::error::Error>> {
/// let limiter = RateLimitConfig::new(Rate::per_hour(100)).build_with_store("api", redis)?;
///
/// limiter.try_acquire_async("user:123", 1.0).await?;
/// let taken = limiter.take_async("user:123", 1.0).await?;
/// println!("{} calls left, all of them in {:?}", taken.remaining, taken.reset_after);
/// # Ok(())
/// # }
/// ```
pub struct SharedRateLimiter<S: ?Sized + 'static> {
    limit: SharedLimit,
    store: StoreRef<S>,
}

impl<S: RateLimitStore + ?Sized> SharedRateLimiter<S> {
    pub(in crate::rate_limit) fn new(name: Name, config: RateLimitConfig, store: StoreRef<S>) -> Self {
        Self { limit: SharedLimit::with_name(name.clone(), name, config), store }
    }

    /// Takes tokens of `key` if they are there.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until they are there, or [`Error::ExceedsBurst`]; nothing is taken then. And
    /// [`Error::Store`] where the store cannot answer and `on_store_error` is `closed`.
    pub async fn try_acquire_async<K: ToKey + ?Sized>(&self, key: &K, tokens: f64) -> Result<(), Error> {
        let key = self.limit.store_key(key);
        self.limit.ask_async(&*self.store, &key, tokens, Patience::None).await
    }

    /// The same on a blocked thread.
    ///
    /// # Errors
    /// See [`SharedRateLimiter::try_acquire_async`].
    pub fn try_acquire<K: ToKey + ?Sized>(&self, key: &K, tokens: f64) -> Result<(), Error> {
        self.limit.ask(&*self.store, &self.limit.store_key(key), tokens, Patience::None)
    }

    /// Takes tokens of `key`, and waits up to `max_wait` until they are there.
    ///
    /// # Errors
    /// See [`SharedRateLimiter::try_acquire_async`]; at once if the wait would be longer.
    pub async fn acquire_timeout_async<K: ToKey + ?Sized>(
        &self,
        key: &K,
        tokens: f64,
        max_wait: Duration,
    ) -> Result<(), Error> {
        let key = self.limit.store_key(key);
        self.limit.ask_async(&*self.store, &key, tokens, Patience::up_to(max_wait, None)).await
    }

    /// The same on a blocked thread.
    ///
    /// # Errors
    /// See [`SharedRateLimiter::acquire_timeout_async`].
    pub fn acquire_timeout<K: ToKey + ?Sized>(
        &self,
        key: &K,
        tokens: f64,
        max_wait: Duration,
    ) -> Result<(), Error> {
        let patience = Patience::up_to(max_wait, None);
        self.limit.ask(&*self.store, &self.limit.store_key(key), tokens, patience)
    }

    /// Runs `future` for one token of `key`, waiting as configured.
    ///
    /// # Errors
    /// The error of `future`, or the refusal as such an error; `future` is not polled then.
    pub async fn call_async<K: ToKey + ?Sized, T, E: FromRefusal>(
        &self,
        key: &K,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let key = self.limit.store_key(key);
        let patience = Patience::up_to(self.limit.config().patience(), None);
        self.limit.ask_async(&*self.store, &key, 1.0, patience).await.map_err(E::from_refusal)?;
        future.await
    }

    /// Runs `f` for one token of `key`, waiting as configured.
    ///
    /// # Errors
    /// The error of `f`, or the refusal as such an error; `f` is not run then.
    pub fn call<K: ToKey + ?Sized, T, E: FromRefusal>(
        &self,
        key: &K,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let key = self.limit.store_key(key);
        let patience = Patience::up_to(self.limit.config().patience(), None);
        self.limit.ask(&*self.store, &key, 1.0, patience).map_err(E::from_refusal)?;
        f()
    }

    /// Takes tokens of `key` if they are there, and tells all that the store tells: what is left, and when more comes. For
    /// headers such as `RateLimit-Remaining`. It is not counted here.
    ///
    /// # Errors
    /// The store cannot answer; what then is the caller's to say.
    pub async fn take_async<K: ToKey + ?Sized>(&self, key: &K, tokens: f64) -> Result<Taken, StoreError> {
        let (key, config) = (self.limit.store_key(key), self.limit.config());
        self.store.take(Take { key: &key, config: &config, tokens }).await
    }

    /// What this process knows of it: its counts, and whether the store fails.
    pub fn limit(&self) -> &SharedLimit {
        &self.limit
    }
}

impl<S: RateLimitStore + ?Sized> fmt::Debug for SharedRateLimiter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedRateLimiter").field("limit", &self.limit).field("store", &self.store).finish()
    }
}
