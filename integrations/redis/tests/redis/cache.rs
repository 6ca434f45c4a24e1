use std::time::Duration;

use mainstay_runtime::cached::CacheStore;
use mainstay_testkit::contract;

use crate::at_hand::{self, Client, LONG, prefix, server, store_on};

#[tokio::test]
async fn redis_keeps_the_promises_of_a_second_tier() {
    let prefix = prefix();
    contract::cache(&store_on(server(), &prefix), &store_on(server(), &prefix)).await;
}

#[tokio::test]
async fn what_one_process_sets_another_gets_with_the_time_that_is_left() {
    let prefix = prefix();
    let (one, other) = (store_on(server(), &prefix), store_on(server(), &prefix));
    one.set("k", b"value", LONG).await.unwrap();
    let kept = other.get("k").await.unwrap().unwrap();
    assert_eq!(kept.value, b"value");
    assert!(kept.ttl_left <= LONG && kept.ttl_left > LONG / 2, "{:?}", kept.ttl_left);
    assert!(other.remove("k").await.unwrap());
    assert_eq!(one.get("k").await.unwrap(), None);
    assert!(!one.remove("k").await.unwrap());
}

#[tokio::test]
async fn a_prefix_is_removed_and_nothing_beside_it() {
    let store = at_hand::store();
    for nth in 0..2000 {
        store.set(&format!("user*:{nth}"), b"1", LONG).await.unwrap();
    }
    for beside in ["user:1", "userx:1", "user*"] {
        store.set(beside, b"1", LONG).await.unwrap();
    }
    assert_eq!(store.remove_prefix("user*:").await.unwrap(), 2000);
    for beside in ["user:1", "userx:1", "user*"] {
        assert!(store.get(beside).await.unwrap().is_some(), "{beside}");
    }
}

#[tokio::test]
async fn keys_are_never_listed_at_once() {
    let server = mainstay_testkit::servers::RedisServer::start().unwrap();
    let store = store_on(&server, "app");
    store.set("k", b"1", LONG).await.unwrap();
    store.remove_prefix("").await.unwrap();
    let mut client = Client::of(&server).await;
    let stats: String = client.ask(&["INFO", "commandstats"]).await;
    assert!(stats.contains("cmdstat_scan:") && !stats.contains("cmdstat_keys:"), "{stats}");
}

#[tokio::test]
async fn a_value_without_an_end_counts_as_kept_for_long() {
    let (prefix, mut client) = (prefix(), Client::of(server()).await);
    let store = store_on(server(), &prefix);
    let _: () = client.ask(&["SET", &format!("{prefix}:cache:k"), "for ever"]).await;
    assert!(store.get("k").await.unwrap().unwrap().ttl_left > 1000 * LONG);
}

#[tokio::test]
async fn a_value_may_be_kept_for_as_long_as_can_be_said_or_for_no_time() {
    let store = at_hand::store();
    store.set("long", b"1", Duration::MAX).await.unwrap();
    let left = store.get("long").await.unwrap().unwrap().ttl_left;
    assert!(left > Duration::from_secs(99 * 365 * 24 * 3600), "{left:?}");
    store.set("none", b"1", Duration::ZERO).await.unwrap();
    at_hand::until("the value to go", async || store.get("none").await.unwrap().is_none().then_some(()))
        .await;
}
