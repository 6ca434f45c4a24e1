use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mainstay_redis::{RedisStore, RedisStoreBuilder};
use mainstay_runtime::idempotent::{Claim, IdempotencyStore, Reserved, Token};
use mainstay_testkit::servers::RedisServer;
use redis::AsyncConnectionConfig;

pub(crate) const LONG: Duration = Duration::from_secs(3600);

/// A server that all tests share which do not harm it. It ends with the process.
pub(crate) fn server() -> &'static RedisServer {
    static SERVER: OnceLock<RedisServer> = OnceLock::new();
    SERVER.get_or_init(|| RedisServer::start().unwrap())
}

/// A store on `server`.
pub(crate) fn store_on(server: &RedisServer, prefix: &str) -> RedisStore {
    patient(&server.url()).prefix(prefix).build().unwrap()
}

/// A store that gives no server up because the machine is busy: a test that is about time sets limits of its own.
pub(crate) fn patient(url: &str) -> RedisStoreBuilder {
    RedisStore::builder(url).connect_timeout(MINUTE).response_timeout(MINUTE)
}

const MINUTE: Duration = Duration::from_secs(60);

/// A prefix of one's own on the shared server.
pub(crate) fn prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A store of one's own on the shared server.
pub(crate) fn store() -> RedisStore {
    store_on(server(), &prefix())
}

pub(crate) async fn reserve(store: &RedisStore, key: &str) -> Reserved {
    store.reserve(Claim { key, fingerprint: None, lease: LONG, ttl: LONG }).await.unwrap()
}

pub(crate) async fn claim(store: &RedisStore, key: &str) -> Token {
    match reserve(store, key).await {
        Reserved::Claimed { token, .. } => token,
        other => panic!("not claimed: {other:?}"),
    }
}

/// A client beside the store, for looking at the server.
pub(crate) struct Client(pub(crate) redis::aio::MultiplexedConnection);

impl Client {
    pub(crate) async fn of(server: &RedisServer) -> Self {
        let client = redis::Client::open(server.url()).unwrap();
        let patient = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(MINUTE))
            .set_response_timeout(Some(MINUTE));
        Self(client.get_multiplexed_async_connection_with_config(&patient).await.unwrap())
    }

    pub(crate) async fn ask<T: redis::FromRedisValue>(&mut self, words: &[&str]) -> T {
        let mut command = redis::cmd(words[0]);
        for word in &words[1..] {
            command.arg(*word);
        }
        command.query_async(&mut self.0).await.unwrap()
    }

    /// The server's clock, in milliseconds.
    pub(crate) async fn millis(&mut self) -> i64 {
        let (seconds, micros): (i64, i64) = self.ask(&["TIME"]).await;
        seconds * 1000 + micros / 1000
    }
}

/// Waits until `seen` says so. However slow the machine is, it ends; only a test that fails takes this long.
pub(crate) async fn until<T>(what: &str, mut seen: impl AsyncFnMut() -> Option<T>) -> T {
    let end = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(seen) = seen().await {
            return seen;
        }
        assert!(std::time::Instant::now() < end, "not seen within a minute: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
