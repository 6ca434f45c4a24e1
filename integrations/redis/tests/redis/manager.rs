use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mainstay_redis::{CacheManager, RedisStore};
use mainstay_runtime::store::{OnStoreError, StoreError, StoreErrorKind};
use mainstay_testkit::servers::RedisServer;
use serde::{Deserialize, Serialize};

use crate::at_hand::{self, Client, LONG, prefix, server, store_on, until};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Session {
    user: u64,
    csrf: String,
}

fn session() -> Session {
    Session { user: 7, csrf: "f3a9".into() }
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_is_told_to() {
    let sessions = CacheManager::new(&at_hand::store(), "session");
    assert_eq!(sessions.get::<Session>("a").await.unwrap(), None);
    assert!(!sessions.exists("a").await.unwrap());
    assert_eq!(sessions.ttl("a").await.unwrap(), None);
    assert!(!sessions.expire("a", LONG).await.unwrap());

    sessions.set("a", &session(), LONG / 2).await.unwrap();
    assert_eq!(sessions.get("a").await.unwrap(), Some(session()));
    assert!(sessions.exists("a").await.unwrap());
    assert!(sessions.expire("a", LONG).await.unwrap());
    let left = sessions.ttl("a").await.unwrap().unwrap();
    assert!(left > LONG / 2 && left <= LONG, "{left:?}");
    assert!(sessions.delete("a").await.unwrap());
    assert!(!sessions.delete("a").await.unwrap());
    assert_eq!(sessions.get::<Session>("a").await.unwrap(), None);

    sessions.set("a", &session(), Duration::from_millis(20)).await.unwrap();
    until("its end", async || sessions.get::<Session>("a").await.unwrap().is_none().then_some(())).await;
}

#[tokio::test]
async fn keys_stand_under_both_prefixes_and_values_are_json() {
    let (prefix, mut client) = (prefix(), Client::of(server()).await);
    CacheManager::new(&store_on(server(), &prefix), "session").set("a", &session(), LONG).await.unwrap();
    let value: String = client.ask(&["GET", &format!("{prefix}:cache::session:a")]).await;
    assert_eq!(value, r#"{"user":7,"csrf":"f3a9"}"#);
}

#[tokio::test]
async fn what_is_kept_as_another_type_is_an_error_that_says_so() {
    let manager = CacheManager::new(&at_hand::store(), "p");
    manager.set("k", "a text", LONG).await.unwrap();
    let error = manager.get::<Session>("k").await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Codec);
    assert!(error.to_string().contains("no JSON of a `"), "{error}");
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_loads() {
    let manager = CacheManager::new(&at_hand::store(), "p");
    let loads = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let (manager, loads) = (manager.clone(), loads.clone());
            tokio::spawn(async move {
                let load = async || {
                    loads.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Ok::<_, StoreError>(session())
                };
                manager.get_or_load("k", LONG, load).await
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), session());
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert_eq!(manager.get("k").await.unwrap(), Some(session()));
}

#[derive(Debug, PartialEq)]
enum Problem {
    Store(StoreErrorKind),
    Load,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error.kind())
    }
}

#[tokio::test]
async fn a_load_that_fails_hangs_or_panics_blocks_nobody() {
    let manager = CacheManager::new(&at_hand::store(), "p");
    let failed = manager.get_or_load("k", LONG, async || Err::<u64, _>(Problem::Load)).await;
    assert_eq!(failed, Err(Problem::Load));

    let (inside, mut entered) = tokio::sync::mpsc::channel(1);
    let hanging = tokio::spawn({
        let manager = manager.clone();
        async move {
            let load = async || {
                inside.send(()).await.unwrap();
                std::future::pending::<Result<u64, Problem>>().await
            };
            manager.get_or_load("k", LONG, load).await
        }
    });
    entered.recv().await.unwrap();
    let waiting = tokio::spawn({
        let manager = manager.clone();
        async move { manager.get_or_load("k", LONG, async || Ok::<_, Problem>(7_u64)).await }
    });
    hanging.abort();
    assert_eq!(waiting.await.unwrap(), Ok(7));

    let panicking = tokio::spawn({
        let manager = manager.clone();
        async move {
            manager.get_or_load("p", LONG, async || -> Result<u64, Problem> { panic!("in a load") }).await
        }
    });
    assert!(panicking.await.unwrap_err().is_panic());
    assert_eq!(manager.get_or_load("p", LONG, async || Ok::<_, Problem>(8_u64)).await, Ok(8));
}

#[tokio::test]
async fn without_the_server_a_load_is_refused_or_its_value_given_as_was_chosen() {
    let mut server = RedisServer::start().unwrap();
    let store: RedisStore = store_on(&server, "app");
    server.kill();
    let closed = CacheManager::new(&store, "p");
    let refused = closed.get_or_load("k", LONG, async || Ok::<u64, Problem>(7)).await;
    assert_eq!(refused, Err(Problem::Store(StoreErrorKind::Unavailable)));
    let open = closed.clone().on_store_error(OnStoreError::Open);
    assert_eq!(open.get_or_load("k", LONG, async || Ok::<u64, Problem>(7)).await, Ok(7));
}
