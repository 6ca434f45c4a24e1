//! Ten thousand callers at once.

use mainstay::{Error, cached};
use tokio::task::JoinSet;

use crate::support::{Runs, cache, s};

const CALLERS: u64 = 10_000;

async fn all<T>(call: impl Fn() -> T) -> Vec<Result<u32, Error>>
where
    T: Future<Output = Result<u32, Error>> + Send + 'static,
{
    let mut calls = JoinSet::new();
    (0..CALLERS).for_each(|_| drop(calls.spawn(call())));
    calls.join_all().await
}

#[tokio::test(start_paused = true)]
async fn on_a_cold_key_load_once() {
    static RUNS: Runs = Runs::new();
    #[cached("stampede.cold", ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        tokio::time::sleep(s(id)).await;
        Ok(RUNS.next())
    }
    assert!(all(|| get(1)).await.iter().all(|answer| *answer == Ok(1)));
    assert_eq!((RUNS.count(), cache("stampede.cold").misses()), (1, CALLERS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_a_cold_key_load_once_from_all_threads() {
    static RUNS: Runs = Runs::new();
    #[cached("stampede.threads", ttl = "1h")]
    async fn get(id: u64) -> Result<u32, Error> {
        for _ in 0..id {
            tokio::task::yield_now().await;
        }
        Ok(RUNS.next())
    }
    for round in 1..=10 {
        assert!(all(|| get(50)).await.iter().all(|answer| *answer == Ok(round)));
        assert_eq!(RUNS.count(), round);
        cache("stampede.threads").clear();
    }
}

#[tokio::test(start_paused = true)]
async fn on_an_expired_key_with_stale_for_wait_for_nothing() {
    static RUNS: Runs = Runs::new();
    #[cached("stampede.stale", ttl = "10s", stale_for = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s(id)).await;
        Ok(run)
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    let start = tokio::time::Instant::now();
    assert!(all(|| get(1)).await.iter().all(|answer| *answer == Ok(1)));
    assert_eq!((start.elapsed(), RUNS.count()), (s(0), 2));
    tokio::time::sleep(s(2)).await;
    assert_eq!((get(1).await, RUNS.count()), (Ok(2), 2));
}
