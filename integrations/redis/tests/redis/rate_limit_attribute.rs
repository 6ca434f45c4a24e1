//! `#[rate_limit(…, store = …)]` and its builder, on a real server.

use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use mainstay::{
    Error, Kind, policies, rate_limit,
    rate_limit::{OnStoreError, Rate, RateLimitConfig},
};
use mainstay_redis::RedisStore;
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{Client, prefix, server, store_on, until};

/// What one process has: a store of its own, with connections of its own.
struct Process {
    limits: Arc<RedisStore>,
}

impl Process {
    fn on(server: &RedisServer, prefix: &str) -> Self {
        Self { limits: Arc::new(store_on(server, prefix)) }
    }

    #[rate_limit("attribute.get", "30/h", key = user, store = self.limits)]
    async fn get(&self, user: &str) -> Result<(), Error> {
        Ok(())
    }

    #[rate_limit("attribute.get", "30/h", key = user, store = self.limits)]
    fn get_sync(&self, user: &str) -> Result<(), Error> {
        Ok(())
    }

    #[rate_limit("attribute.wait", "100/s", burst = 1, max_wait = "1m", store = self.limits)]
    async fn wait(&self) -> Result<(), Error> {
        Ok(())
    }

    #[rate_limit("attribute.closed", "9/h", store = self.limits, on_store_error = closed)]
    async fn closed(&self) -> Result<(), Error> {
        Ok(())
    }

    #[rate_limit("attribute.local", "2/h", store = self.limits)]
    async fn local(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_admit_exactly_the_burst_together() {
    let prefix = prefix();
    let processes = [Process::on(server(), &prefix), Process::on(server(), &prefix)].map(Arc::new);
    let calls: Vec<_> = (0..100)
        .map(|nth| {
            let process = Arc::clone(&processes[nth % 2]);
            tokio::spawn(async move { process.get("ann").await })
        })
        .collect();
    let mut admitted = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => admitted += 1,
            Err(error) => {
                assert_eq!(error.kind(), Kind::RateLimited, "{error}");
                assert!(error.retry_after() <= Some(Duration::from_secs(120)), "{error}");
            }
        }
    }
    assert_eq!(admitted, 30);
    assert_eq!(processes[0].get("bob").await, Ok(()), "another key has tokens of its own");
    let keys: Vec<String> =
        Client::of(server()).await.ask(&["KEYS", &format!("{prefix}:*attribute.get:*")]).await;
    assert_eq!(keys.len(), 2, "{keys:?}");
}

#[test]
fn threads_without_a_runtime_admit_exactly_the_burst_together() {
    let prefix = prefix();
    let (processes, start) = ([(); 2].map(|()| Process::on(server(), &prefix)), Barrier::new(8));
    let admitted: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|nth| {
                let (process, start) = (&processes[nth % 2], &start);
                scope.spawn(move || {
                    start.wait();
                    (0..10).filter(|_| process.get_sync("ann").is_ok()).count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(admitted, 30);
}

#[tokio::test]
async fn those_who_wait_get_their_tokens_at_the_rate_of_all() {
    let prefix = prefix();
    let (one, other) = (Process::on(server(), &prefix), Process::on(server(), &prefix));
    let start = std::time::Instant::now();
    let waits = async |process: &Process| {
        for _ in 0..5 {
            process.wait().await.unwrap();
        }
    };
    tokio::join!(waits(&one), waits(&other));
    // Ten tokens, of which the first was there: the other nine come 10 ms apart, however slow the machine is.
    assert!(start.elapsed() >= Duration::from_millis(89), "{:?}", start.elapsed());
    assert_eq!(policies().shared_limit("attribute.wait").unwrap().waiting(), 0);
}

#[tokio::test]
async fn a_server_that_is_killed_leaves_the_decision_to_the_option_until_it_is_back() {
    let mut server = RedisServer::start().unwrap();
    let process = Process::on(&server, "app");
    process.closed().await.unwrap();
    process.local().await.unwrap();
    server.kill();
    let refused = until("a refusal by the closed limit", async || process.closed().await.err()).await;
    let Error::Store { error, .. } = &refused else { panic!("{refused}") };
    assert!(error.to_string().starts_with("redis at 127.0.0.1:"), "{error}");
    for expected in [None, None, Some(Kind::RateLimited)] {
        assert_eq!(process.local().await.err().map(|error| error.kind()), expected, "two of its own");
    }
    let limit = policies().shared_limit("attribute.local").unwrap();
    assert!(limit.is_failing() && limit.store_failure_count() == 3);
    server.restart().unwrap();
    until("the server again", async || process.closed().await.ok()).await;
    process.local().await.unwrap();
    assert!(!limit.is_failing());
}

#[tokio::test]
async fn the_builder_shares_with_the_attribute_and_tells_what_is_left() {
    let prefix = prefix();
    let process = Process::on(server(), &prefix);
    let limiter = RateLimitConfig::new(Rate::per_hour(30))
        .on_store_error(OnStoreError::Closed)
        .build_with_store("attribute.get", Arc::new(store_on(server(), &prefix)))
        .unwrap();
    for _ in 0..10 {
        process.get("eve").await.unwrap();
    }
    let taken = limiter.take_async("eve", 5.0).await.unwrap();
    assert!(taken.allowed && (15.0..16.0).contains(&taken.remaining), "{taken:?}");
    assert_eq!(limiter.try_acquire_async("eve", 16.0).await.unwrap_err().kind(), Kind::RateLimited);
    assert_eq!(limiter.try_acquire("eve", 15.0), Ok(()));
    assert_eq!(process.get("eve").await.unwrap_err().kind(), Kind::RateLimited);
}
