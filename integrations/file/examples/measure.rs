//! What a store in a file does in a second: `cargo run --release -p mainstay-file --example measure [folder]`.

use std::{
    env, fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use mainstay_file::{Durability, FileStore};
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved},
    store::StoreError,
};

const DAY: Duration = Duration::from_secs(86_400);

fn claim(key: &str) -> Claim<'_> {
    Claim { key, fingerprint: None, lease: Duration::from_secs(30), ttl: DAY }
}

/// Claims and completes keys for two seconds. Gives calls per second, each of them two steps.
async fn calls(store: &Arc<FileStore>, callers: usize, next: &Arc<AtomicUsize>) -> Result<f64, StoreError> {
    let start = Instant::now();
    let tasks = (0..callers).map(|_| {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        tokio::spawn(async move {
            let mut done = 0_u32;
            while start.elapsed() < Duration::from_secs(2) {
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

async fn replays(store: &FileStore) -> Result<Duration, StoreError> {
    let start = Instant::now();
    for _ in 0..20_000 {
        store.reserve(claim("order-0")).await?;
    }
    Ok(start.elapsed() / 20_000)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), StoreError> {
    let folder = env::args().nth(1).unwrap_or_else(|| env::temp_dir().display().to_string());
    for durability in [Durability::Immediate, Durability::Delayed(Duration::from_millis(100))] {
        let path = format!("{folder}/mainstay-measure-{}.redb", std::process::id());
        let store = Arc::new(FileStore::builder(&path).durability(durability).open()?);
        let next = Arc::default();
        for callers in [1, 8, 64, 256] {
            let calls = calls(&store, callers, &next).await?;
            println!(
                "{durability:?}, {callers:>3} callers: {calls:>8.0} calls/s, {:>8.0} steps/s",
                2.0 * calls
            );
        }
        println!("{durability:?}, a replay: {:?}", replays(&store).await?);
        drop(store);
        let size = fs::metadata(&path).map_or(0, |file| file.len()) >> 20;
        let start = Instant::now();
        drop(FileStore::open(&path)?);
        println!(
            "{} records in {size} MiB opened and checked in {:?}",
            next.load(Ordering::Relaxed),
            start.elapsed()
        );
        let _ = fs::remove_file(&path);
    }
    Ok(())
}
