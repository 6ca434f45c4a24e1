use std::{borrow::Cow, fmt};

use mainstay_runtime::{
    health::{CheckOptions, Health, HealthCheck},
    store::Store,
};
use redis::{aio::ConnectionLike, cmd};

use crate::RedisStore;

/// Whether the server answers a ping, over the store's connection. It is asked for readiness.
impl HealthCheck for RedisStore {
    async fn check(&self) -> Health {
        self.ping().await.into()
    }

    fn name() -> Cow<'static, str> {
        "redis".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

/// Whether the server behind a connection of yours answers a ping: a multiplexed connection, a connection manager, or whatever
/// else of the `redis` crate is one and can be cloned.
///
/// ```no_run
/// use mainstay_redis::RedisHealthCheck;
/// use mainstay_runtime::health::checks;
///
/// # async fn example() -> redis::RedisResult<()> {
/// let client = redis::Client::open("redis://127.0.0.1:6379")?;
/// checks().add_check(RedisHealthCheck::new(client.get_multiplexed_async_connection().await?));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisHealthCheck<C>(C);

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisHealthCheck<C> {
    /// A check of this connection.
    pub const fn new(connection: C) -> Self {
        Self(connection)
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> HealthCheck for RedisHealthCheck<C> {
    async fn check(&self) -> Health {
        let mut connection = self.0.clone();
        let answer: redis::RedisResult<()> = cmd("PING").query_async(&mut connection).await;
        answer.into()
    }

    fn name() -> Cow<'static, str> {
        "redis".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

impl<C> fmt::Debug for RedisHealthCheck<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisHealthCheck").finish_non_exhaustive()
    }
}
