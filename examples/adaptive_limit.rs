//! A search server that becomes slower and recovers; the limit follows it.
//!
//! ```text
//! cargo run --example adaptive_limit
//! ```

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use mainstay::{Error, adaptive_limit, adaptive_limit::Priority, policies};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

/// The server: so many calls at a time, each for so long.
static WORKERS: Semaphore = Semaphore::const_new(8);
static TAKES: AtomicU64 = AtomicU64::new(5);

#[adaptive_limit("search", initial = 4, priority = priority)]
async fn search(priority: Priority) -> Result<(), Error> {
    let _worker = WORKERS.acquire().await;
    sleep(Duration::from_millis(TAKES.load(Ordering::Relaxed))).await;
    Ok(())
}

/// Forty callers who never wait, a quarter of them for reports.
async fn load(time: Duration) {
    let mut callers = JoinSet::new();
    for caller in 0..40 {
        callers.spawn(async move {
            let priority = if caller % 4 == 0 { Priority::Sheddable } else { Priority::Critical };
            loop {
                let _ = search(priority).await;
                sleep(Duration::from_millis(3)).await;
            }
        });
    }
    sleep(time).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for (what, takes) in [("as usual", 5), ("three times as slow", 15), ("as usual again", 5)] {
        TAKES.store(takes, Ordering::Relaxed);
        load(Duration::from_secs(2)).await;
        let Some(limit) = policies().adaptive_limit("search") else { return };
        println!(
            "{what}: limit {}, {:.1?} where a call alone takes {:.1?}; refused so far: {} critical, {} sheddable",
            limit.limit(),
            limit.latency(),
            limit.baseline(),
            limit.rejected_of(Priority::Critical),
            limit.rejected_of(Priority::Sheddable),
        );
    }
}
