use std::{sync::Arc, time::Duration};

use mainstay_runtime::idempotent::{IdempotencyStore, Token};
use mainstay_testkit::poll_once;

use crate::common::{Place, TTL, claim, claimed};

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_waiter_is_woken_by_a_completion_and_by_a_release() {
    let place = Place::new();
    let store = Arc::new(place.open());
    for release in [false, true] {
        let token = claimed(&store, claim(if release { "b" } else { "a" })).await;
        let key = if release { "b" } else { "a" };
        let waiting = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.changed(key, token, LONG).await }
        });
        tokio::task::yield_now().await;
        let done = if release {
            store.release(key, token).await
        } else {
            store.complete(key, token, b"done", TTL).await
        };
        assert!(done.unwrap());
        waiting.await.unwrap();
    }
}

#[tokio::test]
async fn a_change_that_came_before_the_wait_ends_it_at_once() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, claim("a")).await;
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    store.changed("a", token, LONG).await;
    store.changed("nobody's", token, LONG).await;
    let other = claimed(&store, claim("b")).await;
    store.changed("b", Token(other.0 - 1), LONG).await;
}

#[tokio::test]
async fn a_wait_ends_when_its_time_is_up() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, claim("a")).await;
    store.changed("a", token, Duration::from_millis(1)).await;
}

#[tokio::test]
async fn a_waiter_is_not_woken_by_the_changes_of_other_keys() {
    let place = Place::new();
    let store = place.open();
    let (a, b) = (claimed(&store, claim("a")).await, claimed(&store, claim("b")).await);
    let mut waiting = store.changed("a", a, LONG);
    for _ in 0..100 {
        assert!(poll_once(&mut waiting).is_pending());
        tokio::task::yield_now().await;
    }
    assert!(store.complete("b", b, b"done", TTL).await.unwrap());
    assert!(poll_once(&mut waiting).is_pending());
    assert!(store.complete("a", a, b"done", TTL).await.unwrap());
    waiting.await;
}
