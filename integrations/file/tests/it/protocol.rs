use std::{sync::Arc, task::Poll, time::Duration};

use mainstay_file::FileStore;
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved},
    store::Store,
};

use mainstay_testkit::contract::IdempotencyStoreContract;

use crate::common::{LEASE, Place, TTL, claim, claimed, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_keeps_what_all_stores_promise() {
    let place = Place::new();
    let store = Arc::new(place.open());
    let wall = place.wall.clone();
    let pass = move |time| {
        wall.advance(time);
        Box::pin(async {}) as _
    };
    IdempotencyStoreContract::new(store, Box::new(pass)).check().await;
}

#[tokio::test]
async fn a_record_is_there_after_the_file_was_closed_and_opened() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, with("a", 1)).await;
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    let running = claimed(&store, claim("b")).await;
    drop(store);

    let store = place.open();
    assert_eq!(store.reserve(with("a", 1)).await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
    assert_eq!(store.reserve(with("a", 2)).await.unwrap(), Reserved::KeyReused);
    let in_flight = Reserved::InFlight { token: running, lease_left: LEASE };
    assert_eq!(store.reserve(claim("b")).await.unwrap(), in_flight);
    assert!(claimed(&store, claim("c")).await > running, "tokens rise over a restart");
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_lease_goes_on_while_the_file_is_closed() {
    let place = Place::new();
    let store = place.open();
    let late = claimed(&store, claim("a")).await;
    drop(store);
    place.wall.advance(LEASE);

    let store = place.open();
    let Reserved::Claimed { token, took_over: true } = store.reserve(claim("a")).await.unwrap() else {
        panic!("the lease has run out")
    };
    assert!(token > late);
    assert!(!store.complete("a", late, b"late", TTL).await.unwrap());
    assert!(!store.renew("a", late, LEASE).await.unwrap());
    assert!(!store.release("a", late).await.unwrap());
    assert!(store.complete("a", token, b"new", TTL).await.unwrap());
}

#[tokio::test]
async fn a_completed_record_is_forgotten_when_its_ttl_is_over() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, claim("a")).await;
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    place.wall.advance(TTL - Duration::from_micros(1));
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { .. }));
    place.wall.advance(Duration::from_micros(1));
    let Reserved::Claimed { token: next, took_over: false } = store.reserve(claim("a")).await.unwrap() else {
        panic!("it has expired")
    };
    assert!(next > token);
}

#[tokio::test]
async fn a_running_record_outlives_its_lease_by_its_ttl() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, with("a", 1)).await;
    place.wall.advance(LEASE + TTL - Duration::from_micros(1));
    assert_eq!(store.reserve(with("a", 2)).await.unwrap(), Reserved::KeyReused);
    assert!(store.renew("a", token, LEASE).await.unwrap(), "nobody took over");
    place.wall.advance(LEASE + TTL - Duration::from_micros(1));
    assert!(store.complete("a", token, b"late", TTL).await.unwrap());
    place.wall.advance(TTL);
    assert!(!store.complete("a", token, b"later", TTL).await.unwrap());
}

#[tokio::test]
async fn a_completion_holds_though_it_comes_twice_or_a_release_comes_after() {
    let place = Place::new();
    let store = place.open();
    let token = claimed(&store, claim("a")).await;
    assert!(store.complete("a", token, b"first", TTL).await.unwrap());
    assert!(store.complete("a", token, b"second", TTL).await.unwrap());
    assert!(!store.release("a", token).await.unwrap());
    assert!(!store.renew("a", token, LEASE).await.unwrap());
    assert_eq!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { record: b"first".to_vec() });
}

#[tokio::test]
async fn times_without_end_are_kept_for_ever() {
    let place = Place::new();
    let store = place.open();
    let mut endless = claim("a");
    (endless.lease, endless.ttl) = (Duration::MAX, Duration::MAX);
    let token = claimed(&store, endless).await;
    assert!(store.renew("a", token, Duration::MAX).await.unwrap());
    assert!(store.complete("a", token, b"kept", Duration::MAX).await.unwrap());
    place.wall.advance(Duration::from_secs(1 << 33));
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_key_is_claimed_once_among_many_at_the_same_time() {
    let place = Place::new();
    let store = Arc::new(place.open());
    for key in ["a", "b", "c"] {
        let callers = (0..32).map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.reserve(claim(key)).await.unwrap() })
        });
        let mut won = 0;
        for caller in callers.collect::<Vec<_>>() {
            won += u32::from(matches!(caller.await.unwrap(), Reserved::Claimed { .. }));
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn the_key_of_a_claim_that_was_dropped_while_it_was_written_is_given_back() {
    let place = Place::new();
    let store = place.open();
    for round in 0..20 {
        let key = format!("key-{round}");
        {
            let mut dropped = store.reserve(claim(&key));
            // Polled until it waits for the disk or is there.
            for _ in 0..round {
                if let Poll::Ready(reserved) = mainstay_testkit::poll_once(&mut dropped) {
                    // Too late to be dropped: this caller has it, and gives it back.
                    let Reserved::Claimed { token, .. } = reserved.unwrap() else { panic!("it is new") };
                    assert!(store.release(&key, token).await.unwrap());
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        loop {
            if let Reserved::Claimed { took_over, .. } = store.reserve(claim(&key)).await.unwrap() {
                assert!(!took_over);
                break;
            }
        }
    }
}

#[test]
fn a_store_survives_the_runtime_that_used_it_first() {
    let place = Place::new();
    let store = place.open();
    let use_it = |store: &FileStore, key: &str| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(claimed(store, claim(key)))
    };
    assert!(use_it(&store, "a") < use_it(&store, "b"));
    mainstay_runtime::store::block_on(claimed(&store, claim("c"))).unwrap();
}
