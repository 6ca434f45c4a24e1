use std::{fmt, sync::Arc, time::Duration};

use mainstay_runtime::store::{BoxFuture, Store, StoreError, StoreErrorKind, StoreRef, ToStore};
use redis::{Cmd, FromRedisValue, Pipeline, Script, ScriptInvocation, cmd};

use crate::{
    RedisStoreBuilder,
    address::Address,
    link::{Limits, Link},
    names::Names,
    request::{Request, read},
    subscriber::Subscriber,
};

/// A Redis or Valkey server as a store: of idempotent calls, of a cache, and of rate limits.
///
/// It keeps one connection for all that is asked, and a second one once somebody waits for another process's call or listens
/// for removals. Both are made when they are first needed and again when they were lost. Clones share them.
///
/// ```no_run
/// use mainstay_redis::RedisStore;
///
/// # async fn example() -> Result<(), mainstay_runtime::store::StoreError> {
/// let store = RedisStore::connect("redis://127.0.0.1:6379").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

struct Inner {
    place: String,
    link: Link,
    limits: Limits,
    names: Names,
    subscriber: Subscriber,
}

impl RedisStore {
    /// A store with the defaults of [`RedisStore::builder`], which has answered a ping.
    ///
    /// # Errors
    /// The url cannot be read; or the server is away, refuses the password or is no Redis. Neither shows the password.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let built = Self::builder(url).build();
        let store = built.map_err(|error| {
            StoreError::because(StoreErrorKind::Refused, "redis", "connect", error.to_string(), error)
        })?;
        store.ask::<()>("connect", cmd("PING")).await?;
        Ok(store)
    }

    /// A store with options, from a url such as `redis://user:password@host:6379/0`.
    pub fn builder(url: impl Into<String>) -> RedisStoreBuilder {
        RedisStoreBuilder::new(url.into())
    }

    pub(crate) fn new(address: Address, prefix: &str, limits: Limits) -> Self {
        let Address { client, place } = address;
        let names = Names::new(prefix);
        let subscriber = Subscriber::new(client.clone(), limits, &names.changed, &names.removed);
        Self(Arc::new(Inner { place, link: Link::new(client, limits), limits, names, subscriber }))
    }

    pub(crate) fn names(&self) -> &Names {
        &self.0.names
    }

    pub(crate) fn subscriber(&self) -> &Subscriber {
        &self.0.subscriber
    }

    /// Asks the server and reads its answer.
    pub(crate) async fn ask<T: FromRedisValue>(
        &self,
        operation: &'static str,
        request: impl Into<Request>,
    ) -> Result<T, StoreError> {
        let answer = self.0.link.ask(request.into()).await.and_then(read);
        answer.map_err(|failure| failure.into_error(&self.0.place, operation))
    }

    /// How long a waiter trusts that it is told of a change.
    pub(crate) fn trust(&self) -> Duration {
        self.0.limits.trust
    }

    pub(crate) fn place(&self) -> &str {
        &self.0.place
    }
}

/// `redis at 127.0.0.1:6379`.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.place)
    }
}

impl Store for RedisStore {
    fn describe(&self) -> String {
        self.0.place.clone()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.ask("ping", cmd("PING")))
    }
}

/// A clone of it, so that `store = store` takes it without an `Arc`.
impl ToStore for RedisStore {
    type Store = Self;

    fn to_store(&self) -> StoreRef<Self> {
        StoreRef::Shared(Arc::new(self.clone()))
    }
}

impl From<Cmd> for Request {
    fn from(command: Cmd) -> Self {
        Self::Command(command)
    }
}

impl From<Pipeline> for Request {
    fn from(pipeline: Pipeline) -> Self {
        Self::Pipeline(pipeline)
    }
}

impl From<ScriptInvocation<'static>> for Request {
    fn from(script: ScriptInvocation<'static>) -> Self {
        Self::Script(script)
    }
}

/// A script about one key.
pub(crate) fn about(script: &'static Script, key: &str) -> ScriptInvocation<'static> {
    script.key(key)
}
