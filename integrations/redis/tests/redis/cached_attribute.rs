//! `#[cached]`, `#[cache_evict]` and `#[idempotent]` with a store, on a real server.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mainstay::{Error, cache_evict, cached, cached::Cache, idempotent, idempotent::Idempotency};
use mainstay_redis::RedisStore;
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{prefix, server, store_on, until};

/// What one process has: memory of its own, and connections of its own.
struct Process {
    users: Cache,
    payments: Idempotency,
    store: Arc<RedisStore>,
    runs: Arc<AtomicU32>,
}

impl Process {
    fn on(server: &RedisServer, prefix: &str, runs: &Arc<AtomicU32>) -> Self {
        Self {
            users: Cache::builder().ttl(Duration::from_secs(3600)).build("attribute.users").unwrap(),
            payments: Idempotency::builder().build("attribute.payments").unwrap(),
            store: Arc::new(store_on(server, prefix)),
            runs: Arc::clone(runs),
        }
    }

    fn run(&self) -> u32 {
        self.runs.fetch_add(1, Ordering::SeqCst) + 1
    }

    #[cached(key = id, with = self.users, store = self.store)]
    async fn user(&self, id: u64) -> Result<String, Error> {
        Ok(format!("user {id}, load {}", self.run()))
    }

    #[cache_evict(key = id, with = self.users, store = self.store)]
    async fn rename(&mut self, id: u64) -> Result<u64, Error> {
        Ok(id)
    }

    #[idempotent(key = id, fingerprint(cents), with = self.payments, store = self.store)]
    async fn pay(&self, id: &str, cents: u64) -> Result<u32, Error> {
        let _ = (id, cents);
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(self.run())
    }
}

#[tokio::test]
async fn what_one_process_has_loaded_another_gets_and_what_one_evicts_is_gone_from_all() {
    let (server, prefix, runs) = (server(), prefix(), Arc::default());
    let (one, mut other) = (Process::on(server, &prefix, &runs), Process::on(server, &prefix, &runs));
    // What was loaded before the store is listened to for removals is not kept.
    let kept = until("both have the same", async || {
        let (one, other) = (one.user(7).await.unwrap(), other.user(7).await.unwrap());
        (one == other).then_some(one)
    })
    .await;
    let loads = runs.load(Ordering::SeqCst);
    assert_eq!((one.user(7).await.unwrap(), other.user(7).await.unwrap()), (kept.clone(), kept.clone()));
    assert_eq!(runs.load(Ordering::SeqCst), loads);

    other.rename(7).await.unwrap();
    // Each process hears of the removal, this one too: what is loaded meanwhile may not be kept.
    assert_ne!(other.user(7).await.unwrap(), kept);
    until("the eviction is heard", async || (one.user(7).await.unwrap() != kept).then_some(())).await;
}

#[tokio::test]
async fn one_of_two_processes_runs_and_both_get_its_answer() {
    let (server, prefix, runs) = (server(), prefix(), Arc::default());
    let (one, other) = (Process::on(server, &prefix, &runs), Process::on(server, &prefix, &runs));
    let (first, second) = tokio::join!(one.pay("p-1", 5), other.pay("p-1", 5));
    assert_eq!((first, second, other.pay("p-1", 5).await), (Ok(1), Ok(1), Ok(1)));
    assert_eq!(one.pay("p-1", 6).await, Err(Error::key_reused("attribute.payments", "p-1")));
}
