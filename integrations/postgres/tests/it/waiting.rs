use std::{sync::Arc, time::Duration};

use mainstay_postgres::PostgresStore;
use mainstay_runtime::idempotent::{IdempotencyStore, Reserved, Token, TransactionalStore};
use sqlx::Connection;

use crate::common::{Place, TTL, claim, claimed, claimed_in, is_held};

const LONG: Duration = Duration::from_secs(3600);

/// Waits as a call does: until the key is no longer in flight.
async fn until_over(store: &PostgresStore, key: &str) -> Reserved {
    loop {
        match store.reserve(claim(key)).await.unwrap() {
            Reserved::InFlight { token, .. } => store.changed(key, token, LONG).await,
            over => return over,
        }
    }
}

#[tokio::test]
async fn a_waiter_in_another_process_is_told_of_a_completion_and_of_a_release() {
    let place = Place::new();
    let (ours, theirs) = (place.store().await, Arc::new(place.bare().await));
    for key in ["completed", "released"] {
        let token = claimed(&ours, claim(key)).await;
        let waiting = tokio::spawn({
            let theirs = Arc::clone(&theirs);
            async move { until_over(&theirs, key).await }
        });
        // The one who waits holds the bell, in a session that listens.
        let listens = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
                       WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock' AND a.query LIKE '%idempotency%token = $2%'";
        while place.number(listens).await == 0 {}
        if key == "completed" {
            assert!(ours.complete(key, token, b"done", TTL).await.unwrap());
            assert_eq!(waiting.await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
        } else {
            assert!(ours.release(key, token).await.unwrap());
            assert!(matches!(waiting.await.unwrap(), Reserved::Claimed { took_over: false, .. }));
        }
    }
}

#[tokio::test]
async fn a_wait_leaves_no_lock_behind() {
    let place = Place::new();
    let store = place.store().await;
    let token = claimed(&store, claim("a")).await;
    for round in 0..10 {
        let mut dropped = store.changed("a", token, LONG);
        for _ in 0..round * 20 {
            if mainstay_testkit::poll_once(&mut dropped).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    store.changed("a", token, Duration::from_millis(50)).await;
    let bells = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
                 WHERE l.locktype = 'advisory' AND l.mode = 'ShareLock' AND a.query LIKE '%pg_advisory_unlock_shared%'";
    while place.number(bells).await > 0 {}
}

#[tokio::test]
async fn a_change_that_came_before_the_wait_ends_it_at_once() {
    let place = Place::new();
    let store = place.store().await;
    let token = claimed(&store, claim("a")).await;
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    let waits = async {
        store.changed("a", token, LONG).await;
        store.changed("nobody's", token, LONG).await;
        store.changed("no transaction's", Token(0), LONG).await;
    };
    waits.await;
}

#[tokio::test]
async fn who_waits_for_a_transaction_hears_of_its_commit_and_finds_its_rollback() {
    let place = Place::new();
    let store = place.store().await;
    for commit in [true, false] {
        let key = if commit { "commit" } else { "rollback" };
        let mut connection = place.connection().await;
        let mut tx = connection.begin().await.unwrap();
        let token = claimed_in(&store, &mut tx, key).await;
        assert!(is_held(&store.reserve(claim(key)).await.unwrap()));
        let waiting = tokio::spawn({
            let store = Arc::clone(&store);
            async move { until_over(&store, key).await }
        });
        assert!(store.complete_in(&mut tx, key, token, b"done", TTL).await.unwrap());
        if commit {
            tx.commit().await.unwrap();
            assert_eq!(waiting.await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
        } else {
            tx.rollback().await.unwrap();
            assert!(matches!(waiting.await.unwrap(), Reserved::Claimed { took_over: false, .. }));
        }
    }
}
