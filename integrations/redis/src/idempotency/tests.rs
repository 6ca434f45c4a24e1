use std::{sync::OnceLock, time::Duration};

use mainstay_runtime::idempotent::{Claim, IdempotencyStore, Reserved, Token};
use mainstay_testkit::servers::RedisServer;
use tokio::time::timeout;

use crate::{RedisStore, address::Address, link::Limits};

const LONG: Duration = Duration::from_secs(3600);
/// What only a test that fails waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A store whose waiters look for themselves only after an hour: what wakes them is that they are told.
fn trusting(prefix: &str) -> RedisStore {
    static SERVER: OnceLock<RedisServer> = OnceLock::new();
    let url = SERVER.get_or_init(|| RedisServer::start().unwrap()).url();
    let limits = Limits { connect: PATIENCE, response: PATIENCE, trust: LONG, silence: LONG };
    RedisStore::new(Address::parse(&url, None).unwrap(), prefix, limits)
}

async fn reserve(store: &RedisStore, key: &str) -> Reserved {
    store.reserve(Claim { key, fingerprint: None, lease: LONG, ttl: LONG }).await.unwrap()
}

async fn claim(store: &RedisStore, key: &str) -> Token {
    match reserve(store, key).await {
        Reserved::Claimed { token, .. } => token,
        other => panic!("not claimed: {other:?}"),
    }
}

async fn wait(store: RedisStore, key: String, seen: Token) -> Reserved {
    timeout(PATIENCE, store.changed(&key, seen, LONG)).await.expect("it is told");
    reserve(&store, &key).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiters_in_another_process_are_told_of_each_completion_and_release() {
    let (one, other) = (trusting("told"), trusting("told"));
    for round in 0..50 {
        let key = format!("k{round}");
        let token = claim(&one, &key).await;
        let waiting: Vec<_> = (0..4).map(|_| tokio::spawn(wait(other.clone(), key.clone(), token))).collect();
        // The end comes before, between and after the steps of the wait.
        for _ in 0..round % 7 {
            tokio::task::yield_now().await;
        }
        if round % 2 == 0 {
            assert!(one.complete(&key, token, b"done", LONG).await.unwrap());
            for waiting in waiting {
                assert_eq!(waiting.await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
            }
        } else {
            assert!(one.release(&key, token).await.unwrap());
            let mut claimed = 0;
            for waiting in waiting {
                claimed += usize::from(matches!(waiting.await.unwrap(), Reserved::Claimed { .. }));
            }
            assert_eq!(claimed, 1, "all are woken, and one of them claims");
        }
    }
}

#[tokio::test]
async fn a_wait_lasts_no_longer_than_it_may() {
    let store = trusting("at-most");
    let token = claim(&store, "k").await;
    store.changed("k", token, Duration::from_millis(5)).await;
    assert!(matches!(reserve(&store, "k").await, Reserved::InFlight { .. }));
}
