use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay_redis::RedisStore;
use mainstay_runtime::{
    cached::{CacheStore, Invalidation},
    idempotent::{IdempotencyStore, Reserved, Token},
    store::io,
};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{Client, LONG, claim, prefix, reserve, server, store_on, until};

/// Waits as a caller does who finds the key in flight, and counts how often it asked again.
async fn wait_for_the_end(store: &RedisStore, key: &str, seen: Token) -> (Reserved, usize) {
    let mut asked = 0;
    loop {
        store.changed(key, seen, LONG).await;
        asked += 1;
        match reserve(store, key).await {
            Reserved::InFlight { .. } => {}
            other => return (other, asked),
        }
    }
}

/// How many have subscribed to the prefix's changes.
async fn subscribers(client: &mut Client, prefix: &str) -> u64 {
    let channel = format!("{prefix}:idempotency-changed");
    let (_, count): (String, u64) = client.ask(&["PUBSUB", "NUMSUB", &channel]).await;
    count
}

#[tokio::test]
async fn a_change_before_the_wait_is_seen_without_being_told() {
    let prefix = prefix();
    let (one, other) = (store_on(server(), &prefix), store_on(server(), &prefix));
    let token = claim(&one, "k").await;
    assert!(one.complete("k", token, b"done", LONG).await.unwrap());
    let (reserved, asked) = wait_for_the_end(&other, "k", token).await;
    assert_eq!((reserved, asked), (Reserved::Completed { record: b"done".to_vec() }, 1));
}

#[tokio::test]
async fn a_waiter_is_told_again_after_the_server_was_away() {
    let mut server = RedisServer::builder().append_only().start().unwrap();
    let (one, other) = (store_on(&server, "app"), store_on(&server, "app"));
    let token = claim(&one, "k").await;
    let waiting = tokio::spawn({
        let other = other.clone();
        async move {
            loop {
                other.changed("k", token, LONG).await;
                use mainstay_runtime::idempotent::Claim;
                let claim = Claim { key: "k", fingerprint: None, lease: LONG, ttl: LONG };
                match other.reserve(claim).await {
                    Ok(Reserved::InFlight { .. }) | Err(_) => {}
                    Ok(end) => return end,
                }
            }
        }
    });
    let mut client = Client::of(&server).await;
    until("the subscription", async || (subscribers(&mut client, "app").await == 1).then_some(())).await;
    server.restart().unwrap();
    let mut client = Client::of(&server).await;
    until("the subscription again", async || (subscribers(&mut client, "app").await == 1).then_some(()))
        .await;
    let completed =
        until("the server again", async || one.complete("k", token, b"done", LONG).await.ok()).await;
    assert!(completed, "the running record survived the restart");
    assert_eq!(waiting.await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
}

/// What a listener heard, in words.
fn listen(store: &RedisStore) -> (Arc<Mutex<Vec<String>>>, Box<dyn Send + Sync>) {
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let listening = store.listen(Box::new({
        let heard = Arc::clone(&heard);
        move |told| {
            heard.lock().unwrap().push(match told {
                Invalidation::Key(key) => format!("key {key}"),
                Invalidation::Prefix(prefix) => format!("prefix {prefix}"),
                Invalidation::All => "all".to_owned(),
            });
        }
    }));
    (heard, listening)
}

async fn until_heard(heard: &Mutex<Vec<String>>, what: &str) {
    until(what, async || heard.lock().unwrap().iter().any(|heard| heard == what).then_some(())).await;
}

#[tokio::test]
async fn removals_are_told_to_other_processes_and_everything_is_doubted_after_a_reconnect() {
    let mut server = RedisServer::start().unwrap();
    let (one, other) = (store_on(&server, "app"), store_on(&server, "app"));
    let (heard, listening) = listen(&other);
    until_heard(&heard, "all").await;
    assert!(!one.remove("k:1").await.unwrap());
    until_heard(&heard, "key k:1").await;
    assert_eq!(one.remove_prefix("p:").await.unwrap(), 0);
    until_heard(&heard, "prefix p:").await;

    heard.lock().unwrap().clear();
    server.restart().unwrap();
    until_heard(&heard, "all").await;
    until("the server again", async || one.remove("k:2").await.ok()).await;
    until_heard(&heard, "key k:2").await;
    drop(listening);
}

#[tokio::test]
async fn the_subscription_is_made_when_it_is_needed_and_goes_with_the_store() {
    let (prefix, mut client) = (prefix(), Client::of(server()).await);
    let store = store_on(server(), &prefix);
    let token = claim(&store, "k").await;
    assert_eq!(subscribers(&mut client, &prefix).await, 0);
    store.changed("k", token, Duration::from_millis(1)).await;
    until("the subscription", async || (subscribers(&mut client, &prefix).await == 1).then_some(())).await;
    drop(store);
    until("its end", async || (subscribers(&mut client, &prefix).await == 0).then_some(())).await;
}

#[tokio::test]
async fn a_waiter_that_is_dropped_stops_waiting() {
    let (prefix, mut client) = (prefix(), Client::of(server()).await);
    let store = store_on(server(), &prefix);
    let token = claim(&store, "k").await;
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.changed("k", token, LONG).await }
    });
    until("the subscription", async || (subscribers(&mut client, &prefix).await == 1).then_some(())).await;
    waiting.abort();
    // The wait holds the store; when both are gone the subscription is.
    drop(store);
    until("its end", async || (subscribers(&mut client, &prefix).await == 0).then_some(())).await;
    assert!(io().is_ok());
}
