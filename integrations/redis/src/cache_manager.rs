use std::time::Duration;

use mainstay_json::Json;
use mainstay_runtime::{
    cached::CacheStore,
    store::{Decode, Encode, OnStoreError, StoreError},
};
use redis::cmd;

use crate::{
    RedisStore,
    durations::{left, millis},
    flights::Flights,
};

/// Values of any serialisable type under a prefix in Redis, each with a time to live: a cache by hand, and a place for
/// sessions.
///
/// Keys are `{store's prefix}:cache::{prefix}:{key}`; a `:` in the prefix is written `\.`, so that no two prefixes share a key. Values are JSON. Clones are cheap and share their loads.
///
/// ```no_run
/// use std::time::Duration;
/// use mainstay_redis::{CacheManager, RedisStore};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Session { user: u64, csrf: String }
///
/// # async fn example(session: Session) -> Result<(), mainstay_runtime::store::StoreError> {
/// const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
/// let store = RedisStore::connect("redis://127.0.0.1:6379").await?;
/// let sessions = CacheManager::new(&store, "session");
///
/// sessions.set("f3a9", &session, HALF_AN_HOUR).await?;
/// if let Some(session) = sessions.get::<Session>("f3a9").await? {
///     sessions.expire("f3a9", HALF_AN_HOUR).await?; // it lives on as long as it is used
/// }
/// sessions.delete("f3a9").await?; // logged out
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CacheManager {
    store: RedisStore,
    prefix: String,
    flights: Flights,
    on_store_error: OnStoreError,
}

impl CacheManager {
    /// A manager of the keys under `prefix`.
    pub fn new(store: &RedisStore, prefix: impl Into<String>) -> Self {
        // The first colon after it ends a prefix, so its own are written otherwise; and no cache's name begins with one.
        let (store, prefix) = (store.clone(), prefix.into().replace('\\', "\\\\").replace(':', "\\."));
        Self { store, prefix, flights: Flights::default(), on_store_error: OnStoreError::Closed }
    }

    /// What [`get_or_load`](Self::get_or_load) does where the server cannot answer: `Closed`, the default, returns its error;
    /// `Open` loads, and gives what was loaded although it is not kept.
    #[must_use]
    pub fn on_store_error(mut self, mode: OnStoreError) -> Self {
        self.on_store_error = mode;
        self
    }

    fn key(&self, key: &str) -> String {
        format!(":{}:{key}", self.prefix)
    }

    /// Keeps a value for `expire`, in place of what was there.
    ///
    /// # Errors
    /// The value cannot be written as JSON, or the server cannot answer.
    pub async fn set<T>(&self, key: &str, value: &T, expire: Duration) -> Result<(), StoreError>
    where
        T: ?Sized,
        Json: Encode<T>,
    {
        let value = Json::encode(value).map_err(|error| self.codec("set", error))?;
        self.store.set(&self.key(key), &value, expire).await
    }

    /// The value, if there is one.
    ///
    /// # Errors
    /// What is kept is no `T`, or the server cannot answer.
    pub async fn get<T>(&self, key: &str) -> Result<Option<T>, StoreError>
    where
        Json: Decode<T>,
    {
        let mut get = cmd("GET");
        get.arg(self.store.names().cached(&self.key(key)));
        let bytes: Option<Vec<u8>> = self.store.ask("get", get).await?;
        bytes.map(|bytes| Json::decode(&bytes).map_err(|error| self.codec("get", error))).transpose()
    }

    /// Removes the value and tells every process that listens to the store's cache. Whether there was one.
    ///
    /// # Errors
    /// The server cannot answer.
    pub async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.store.remove(&self.key(key)).await
    }

    /// Whether there is a value.
    ///
    /// # Errors
    /// The server cannot answer.
    pub async fn exists(&self, key: &str) -> Result<bool, StoreError> {
        let mut exists = cmd("EXISTS");
        exists.arg(self.store.names().cached(&self.key(key)));
        self.store.ask("exists", exists).await
    }

    /// Lets the value live for `expire` from now. `false`: there is none.
    ///
    /// # Errors
    /// The server cannot answer.
    pub async fn expire(&self, key: &str, expire: Duration) -> Result<bool, StoreError> {
        let mut pexpire = cmd("PEXPIRE");
        pexpire.arg(self.store.names().cached(&self.key(key))).arg(millis(expire));
        self.store.ask("expire", pexpire).await
    }

    /// How long the value still lives. `None`: there is none.
    ///
    /// # Errors
    /// The server cannot answer.
    pub async fn ttl(&self, key: &str) -> Result<Option<Duration>, StoreError> {
        let mut pttl = cmd("PTTL");
        pttl.arg(self.store.names().cached(&self.key(key)));
        let millis: i64 = self.store.ask("ttl", pttl).await?;
        Ok((millis != -2).then(|| left(millis)))
    }

    /// The value; if there is none, what `load` gives, kept for `expire`.
    ///
    /// However many ask for a key at once in this process, one loads and the others get what it gives. If its load fails, is
    /// dropped or panics, the next one loads. Processes do not wait for each other: each may load once.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use mainstay_redis::CacheManager;
    /// # use mainstay_runtime::store::StoreError;
    /// # async fn price_of(item: &str) -> Result<u64, StoreError> { Ok(5) }
    /// # async fn example(prices: CacheManager) -> Result<(), StoreError> {
    /// let price: u64 = prices.get_or_load("tea", Duration::from_secs(60), async || price_of("tea").await).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `load`; the server's, and those of a value that cannot be written or read, as an `E`.
    pub async fn get_or_load<T, E>(
        &self,
        key: &str,
        expire: Duration,
        load: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<T, E>
    where
        Json: Encode<T> + Decode<T>,
        E: From<StoreError>,
    {
        if let Some(value) = self.or_absent(self.get(key).await)? {
            return Ok(value);
        }
        let flight = self.flights.of(key);
        let mut landed = flight.landed().await;
        if let Some(bytes) = landed.as_deref() {
            return Ok(Json::decode(bytes).map_err(|error| self.codec("get", error))?);
        }
        // Between the first look and this turn another load may have begun and ended.
        if let Some(value) = self.or_absent(self.get(key).await)? {
            return Ok(value);
        }
        let value = load().await?;
        let bytes = Json::encode(&value).map_err(|error| self.codec("set", error))?;
        let kept = self.store.set(&self.key(key), &bytes, expire).await;
        *landed = Some(bytes);
        if let (Err(error), OnStoreError::Closed) = (kept, self.on_store_error) {
            return Err(error.into());
        }
        Ok(value)
    }

    fn or_absent<T>(&self, found: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
        match self.on_store_error {
            OnStoreError::Closed => found,
            OnStoreError::Open => Ok(found.unwrap_or_default()),
        }
    }

    fn codec(&self, operation: &'static str, error: mainstay_runtime::store::CodecError) -> StoreError {
        StoreError::codec(self.store.place(), operation, error)
    }
}
