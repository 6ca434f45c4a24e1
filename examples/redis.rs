//! Two processes' worth of a service on a Redis of its own, which is killed and restarted in between.
//!
//! ```text
//! .ci/servers
//! cargo run --example redis --features redis
//! ```

use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mainstay::{
    Error, idempotent,
    redis::{CacheManager, RateLimitCache, RedisStore},
};
use mainstay_testkit::servers::RedisServer;

const HOUR: Duration = Duration::from_secs(3600);

/// A bank that counts what it did.
static CHARGED: AtomicU32 = AtomicU32::new(0);

struct Service {
    store: Arc<RedisStore>,
}

impl Service {
    fn on(server: &RedisServer) -> Result<Self, Box<dyn StdError>> {
        Ok(Self { store: Arc::new(RedisStore::builder(server.url()).prefix("shop").build()?) })
    }

    #[idempotent("shop.charge", key = order, store = self.store)]
    async fn charge(&self, order: u64) -> Result<u32, Error> {
        let _ = order;
        Ok(CHARGED.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let mut server = RedisServer::builder().append_only().start()?;
    println!("a Redis of our own listens on {}", server.address());
    let (one, other) = (Service::on(&server)?, Service::on(&server)?);

    println!("order 7 in one process: {:?}, in the other: {:?}", one.charge(7).await, other.charge(7).await);
    server.kill();
    println!(
        "the server is killed: {}",
        other.charge(8).await.err().map(|error| error.to_string()).unwrap_or_default()
    );
    server.restart()?;
    println!("it is back, and order 7 is still {:?}", other.charge(7).await);

    let sessions = CacheManager::new(&one.store, "session");
    sessions.set("f3a9", &("ann", 7), HOUR).await?;
    println!(
        "a session: {:?}, for {:?}",
        sessions.get::<(String, u32)>("f3a9").await?,
        sessions.ttl("f3a9").await?
    );

    let limits = RateLimitCache::new(&other.store);
    for call in 1..=4 {
        let taken = limits.check_rate_limit("user:123", 3, HOUR).await?;
        println!(
            "call {call} of user 123: {}, {} left",
            if taken.allowed { "admitted" } else { "refused" },
            taken.remaining
        );
    }
    Ok(())
}
