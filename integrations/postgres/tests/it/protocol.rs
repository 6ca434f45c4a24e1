use std::{sync::Arc, time::Duration};

use mainstay_postgres::PostgresStore;
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved, Token},
    store::{Store, block_on},
};

use crate::common::{LEASE, Place, TTL, claim, claimed, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_processes_one_claims_each_generation_of_a_key() {
    let place = Place::new();
    place.store().await;
    let mut stores = Vec::new();
    for _ in 0..8 {
        stores.push(Arc::new(place.bare().await));
    }
    let keys = ["a", "b", "c"];
    let mut last = [Token(0); 3];
    for generation in 0..10 {
        let calls = stores.iter().cloned().map(|store| {
            tokio::spawn(async move {
                let mut won = Vec::new();
                for key in keys {
                    won.push(match store.reserve(claim(key)).await.unwrap() {
                        Reserved::Claimed { token, took_over: false } => Some(token),
                        Reserved::InFlight { token, .. } => {
                            assert!(token > Token(0), "no transaction holds it");
                            None
                        }
                        other => panic!("{other:?}"),
                    });
                }
                won
            })
        });
        let mut winners = [None; 3];
        for call in calls.collect::<Vec<_>>() {
            for (winner, won) in winners.iter_mut().zip(call.await.unwrap()) {
                assert!(winner.is_none() || won.is_none(), "two claimed in generation {generation}");
                *winner = winner.or(won);
            }
        }
        for ((key, winner), last) in keys.iter().zip(winners).zip(&mut last) {
            let token = winner.unwrap();
            assert!(token > *last, "tokens rise");
            *last = token;
            assert!(stores[generation % 8].release(key, token).await.unwrap());
        }
    }
}

#[tokio::test]
async fn another_payload_takes_nothing_over_and_the_same_does() {
    let place = Place::new();
    let store = place.store().await;
    let brief = |n| mainstay_runtime::idempotent::Claim { lease: Duration::from_millis(1), ..with("a", n) };
    let first = claimed(&store, brief(1)).await;
    while matches!(store.reserve(with("a", 1)).await.unwrap(), Reserved::InFlight { .. }) {}
    // The loop above has taken over as soon as it could.
    assert_eq!(store.reserve(with("a", 2)).await.unwrap(), Reserved::KeyReused);
    assert!(!store.complete("a", first, b"late", TTL).await.unwrap());
}

#[tokio::test]
async fn the_key_of_a_claim_that_was_dropped_is_given_back() {
    let place = Place::new();
    let store = place.store().await;
    for round in 0..20 {
        let key = format!("key-{round}");
        let mut dropped = store.reserve(claim(&key));
        let mut answered = false;
        for _ in 0..round {
            answered = mainstay_testkit::poll_once(&mut dropped).is_ready();
            if answered {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(dropped);
        // Whoever has been given a claim gives it back; the store does where nobody was.
        if answered {
            continue;
        }
        loop {
            match store.reserve(claim(&key)).await.unwrap() {
                Reserved::Claimed { took_over, .. } => break assert!(!took_over),
                Reserved::InFlight { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn expired_records_are_swept_when_asked_and_by_claims() {
    let place = Place::new();
    let store = place.store().await;
    let rows = "SELECT count(*) FROM {schema}.idempotency";
    for n in 0..30 {
        let key = n.to_string();
        let token = claimed(&store, claim(&key)).await;
        assert!(store.complete(&key, token, b"", Duration::ZERO).await.unwrap());
    }
    let kept = claimed(&store, claim("kept")).await;
    // The first claim has looked for some already.
    let swept = store.sweep().await.unwrap();
    assert!((29..=30).contains(&swept), "{swept}");
    assert_eq!(place.number(rows).await, 1);

    for n in 0..150 {
        let key = n.to_string();
        let token = claimed(&store, claim(&key)).await;
        assert!(store.complete(&key, token, b"", Duration::ZERO).await.unwrap());
    }
    while place.number(rows).await > 100 {
        tokio::task::yield_now().await;
    }
    assert!(store.renew("kept", kept, LEASE).await.unwrap());
}

#[tokio::test]
async fn stores_in_two_tables_know_nothing_of_each_other() {
    let place = Place::new();
    let one = place.store().await;
    let two = place.builder().table("other \"calls\"'").connect(&place.server.url()).await.unwrap();
    two.migrate().await.unwrap();
    assert_eq!(claimed(&one, claim("a")).await, claimed(&two, claim("a")).await);
    two.ping().await.unwrap();
}

#[tokio::test]
async fn the_table_shows_keys_to_whoever_looks() {
    let place = Place::new();
    let store = place.store().await;
    claimed(&store, claim("order-7")).await;
    claimed(&store, claim(&"x\0".repeat(2000))).await;
    let shown = "SELECT count(*) FROM {schema}.idempotency WHERE key = 'order-7' OR length(key) = 500";
    assert_eq!(place.number(shown).await, 2);
}

#[test]
fn a_store_serves_runtimes_that_come_and_go_and_sync_callers() {
    let place = Place::new();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime().block_on(place.store());
    let use_it = |store: &PostgresStore, key: &str| runtime().block_on(claimed(store, claim(key)));
    assert!(use_it(&store, "a") < use_it(&store, "b"));
    assert!(block_on(store.complete("a", Token(1), b"done", TTL)).unwrap().unwrap());
    // The only thread of a runtime, blocked.
    runtime().block_on(async { block_on(store.ping()).unwrap().unwrap() });
    let lazy = place.builder().connect_lazy(&place.server.url()).unwrap();
    let replay = block_on(lazy.reserve(claim("a"))).unwrap().unwrap();
    assert_eq!(replay, Reserved::Completed { record: b"done".to_vec() });
}
