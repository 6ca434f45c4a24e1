//! What a store in PostgreSQL does in a second: `cargo run --release -p mainstay-postgres --example measure [url]`, on a server
//! of its own unless told.

use std::{
    env,
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use mainstay_postgres::PostgresStore;
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, TransactionalStore},
    store::StoreError,
};
use mainstay_testkit::servers::PostgresServer;
use sqlx::{Connection, PgConnection, PgPool};

const DAY: Duration = Duration::from_secs(86_400);

fn claim(key: &str) -> Claim<'_> {
    Claim { key, fingerprint: None, lease: Duration::from_secs(30), ttl: DAY }
}

/// Calls, each a claim and a completion, for three seconds. Gives calls per second.
async fn calls(
    store: &Arc<PostgresStore>,
    callers: usize,
    next: &Arc<AtomicUsize>,
) -> Result<f64, StoreError> {
    let start = Instant::now();
    let tasks = (0..callers).map(|_| {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        tokio::spawn(async move {
            let mut done = 0_u32;
            while start.elapsed() < Duration::from_secs(3) {
                let key = format!("order-{}", next.fetch_add(1, Ordering::Relaxed));
                if let Reserved::Claimed { token, .. } = store.reserve(claim(&key)).await? {
                    store.complete(&key, token, &[7; 100], DAY).await?;
                    done += 1;
                }
            }
            Ok::<_, StoreError>(done)
        })
    });
    let mut done = 0;
    for task in tasks.collect::<Vec<_>>() {
        done += task.await.unwrap_or(Ok(0))?;
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
}

/// The same in transactions: BEGIN, claim, completion, COMMIT.
async fn transactions(
    store: &Arc<PostgresStore>,
    url: &str,
    callers: usize,
    next: &Arc<AtomicUsize>,
) -> Result<f64, Box<dyn Error>> {
    let mut tasks = Vec::new();
    let start = Instant::now();
    for _ in 0..callers {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        let mut connection = PgConnection::connect(url).await?;
        tasks.push(tokio::spawn(async move {
            let mut done = 0_u32;
            while start.elapsed() < Duration::from_secs(3) {
                let key = format!("order-{}", next.fetch_add(1, Ordering::Relaxed));
                let mut tx = connection.begin().await.ok()?;
                if let Reserved::Claimed { token, .. } = store.reserve_in(&mut tx, claim(&key)).await.ok()? {
                    store.complete_in(&mut tx, &key, token, &[7; 100], DAY).await.ok()?;
                }
                tx.commit().await.ok()?;
                done += 1;
            }
            Some(done)
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await?.unwrap_or(0);
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
}

/// The median and the 99th percentile of 5,000 steps.
async fn latency(
    what: &str,
    mut step: impl AsyncFnMut(usize) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut times = Vec::new();
    for n in 0..5000 {
        let start = Instant::now();
        step(n).await?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    println!("{what:<45} {:>7.0?}, 99 of 100 within {:>7.0?}", times[2500], times[4950]);
    Ok(())
}

async fn replays(store: &PostgresStore) -> Result<(), StoreError> {
    let token = match store.reserve(claim("replayed")).await? {
        Reserved::Claimed { token, .. } => token,
        _ => return Ok(()),
    };
    store.complete("replayed", token, &[7; 100], DAY).await.map(drop)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut server = None;
    let url = match env::args().nth(1) {
        Some(url) => url,
        None => server.insert(PostgresServer::start()?).url(),
    };
    let store = Arc::new(PostgresStore::connect(&url).await?);
    store.migrate().await?;
    replays(&store).await?;
    let replay = async |_| store.reserve(claim("replayed")).await.map(drop);
    latency("a replay", replay).await?;
    latency("a claim", async |n| store.reserve(claim(&format!("claimed-{n}"))).await.map(drop)).await?;
    latency("a ping", async |_| mainstay_runtime::store::Store::ping(&*store).await).await?;
    let pool = PostgresStore::from_pool(PgPool::connect(&url).await?)?;
    latency("a replay on a pool of sqlx", async |_| pool.reserve(claim("replayed")).await.map(drop)).await?;
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            for _ in 0..500 {
                store.reserve(claim("replayed")).await?;
            }
            Ok::<_, StoreError>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    println!("64 callers: {:.0} replays/s", 32_000.0 / start.elapsed().as_secs_f64());
    let next = Arc::default();
    for callers in [1, 8, 64] {
        let calls = calls(&store, callers, &next).await?;
        println!("{callers:>3} callers: {calls:>7.0} calls/s (claim and completion)");
    }
    for callers in [1, 8, 64] {
        let calls = transactions(&store, &url, callers, &next).await?;
        println!("{callers:>3} callers: {calls:>7.0} transactions/s (begin, claim, completion, commit)");
    }
    Ok(())
}
