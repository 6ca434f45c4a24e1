use std::time::Duration;

use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token, TransactionalStore},
    store::StoreErrorKind,
};
use mainstay_testkit::servers::PostgresServer;
use sqlx::{Connection, PgConnection};

use crate::common::{LEASE, Place, TTL, claim, claimed, claimed_in, effect, is_held, token_of, with};

#[tokio::test]
async fn a_commit_makes_effect_and_record_visible_together() {
    let place = Place::new();
    let store = place.store().await;
    place.ledger().await;
    let (mut ours, mut theirs) = (place.connection().await, place.connection().await);
    let mut tx = ours.begin().await.unwrap();
    let token = claimed_in(&store, &mut tx, "a").await;
    effect(&mut tx, &place, "a").await.unwrap();
    assert!(store.complete_in(&mut tx, "a", token, b"done", TTL).await.unwrap());
    assert!(store.complete_in(&mut tx, "a", token, b"again", TTL).await.unwrap());

    // Nobody sees it yet, and nobody waits for it: neither another transaction nor a call without one.
    let mut other = theirs.begin().await.unwrap();
    assert!(is_held(&store.reserve_in(&mut other, claim("a")).await.unwrap()));
    assert!(is_held(&store.reserve(claim("a")).await.unwrap()));
    assert_eq!(place.effects().await, 0);
    tx.commit().await.unwrap();

    let done = Reserved::Completed { record: b"done".to_vec() };
    assert_eq!(store.reserve_in(&mut other, claim("a")).await.unwrap(), done);
    assert_eq!(store.reserve(claim("a")).await.unwrap(), done);
    assert_eq!(place.effects().await, 1);
}

#[tokio::test]
async fn a_rollback_gives_the_key_back_and_leaves_no_effect() {
    let place = Place::new();
    let store = place.store().await;
    place.ledger().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let first = claimed_in(&store, &mut tx, "a").await;
    effect(&mut tx, &place, "a").await.unwrap();
    assert!(store.complete_in(&mut tx, "a", first, b"done", TTL).await.unwrap());
    tx.rollback().await.unwrap();

    assert_eq!(place.effects().await, 0);
    let reserved = store.reserve(claim("a")).await.unwrap();
    assert!(
        matches!(reserved, Reserved::Claimed { took_over: false, token } if token > first),
        "{reserved:?}"
    );
}

#[tokio::test]
async fn a_process_that_dies_in_its_transaction_gives_the_key_back() {
    let place = Place::new();
    let store = place.store().await;
    place.ledger().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let token = claimed_in(&store, &mut tx, "a").await;
    effect(&mut tx, &place, "a").await.unwrap();
    assert!(store.complete_in(&mut tx, "a", token, b"done", TTL).await.unwrap());
    // The socket is closed and nothing is said, as a kernel does for a process that was killed.
    std::mem::forget(tx);
    drop(ours);
    while is_held(&store.reserve(claim("a")).await.unwrap()) {}
    assert_eq!(place.effects().await, 0);
}

#[tokio::test]
async fn a_server_that_dies_keeps_both_or_neither() {
    let mut server = PostgresServer::start().unwrap();
    let store = crate::common::patient().connect(&server.url()).await.unwrap();
    store.migrate().await.unwrap();
    let mut connection = PgConnection::connect(&server.url()).await.unwrap();
    sqlx::raw_sql("CREATE TABLE ledger (key text)").execute(&mut connection).await.unwrap();
    for (key, commit) in [("committed", true), ("not committed", false)] {
        let mut tx = connection.begin().await.unwrap();
        let token = claimed_in(&store, &mut tx, key).await;
        sqlx::query("INSERT INTO ledger VALUES ($1)").bind(key).execute(&mut *tx).await.unwrap();
        assert!(store.complete_in(&mut tx, key, token, b"done", TTL).await.unwrap());
        if commit {
            tx.commit().await.unwrap();
        } else {
            std::mem::forget(tx);
        }
        server.kill();
        server.restart().unwrap();
        connection = PgConnection::connect(&server.url()).await.unwrap();
        let effects: i64 = sqlx::query_scalar("SELECT count(*) FROM ledger WHERE key = $1")
            .bind(key)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(effects, i64::from(commit), "{key}");
        let reserved = store.reserve(claim(key)).await.unwrap();
        assert_eq!(matches!(reserved, Reserved::Completed { .. }), commit, "{key}: {reserved:?}");
        assert_eq!(
            matches!(reserved, Reserved::Claimed { took_over: false, .. }),
            !commit,
            "{key}: {reserved:?}"
        );
    }
}

#[tokio::test]
async fn a_key_released_in_a_transaction_is_free_when_that_is_over() {
    let place = Place::new();
    let store = place.store().await;
    place.ledger().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let token = claimed_in(&store, &mut tx, "a").await;
    effect(&mut tx, &place, "something else").await.unwrap();
    assert!(store.release_in(&mut tx, "a", token).await.unwrap());
    assert!(!store.release_in(&mut tx, "a", token).await.unwrap());
    assert!(!store.complete_in(&mut tx, "a", token, b"late", TTL).await.unwrap());
    assert!(is_held(&store.reserve(claim("a")).await.unwrap()), "the transaction goes on");
    let again = claimed_in(&store, &mut tx, "a").await;
    assert!(again > token);
    assert!(store.release_in(&mut tx, "a", again).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(place.effects().await, 1);
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Claimed { took_over: false, .. }));
}

#[tokio::test]
async fn a_second_claim_in_the_same_transaction_finds_the_first() {
    let place = Place::new();
    let store = place.store().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let token = token_of(store.reserve_in(&mut tx, with("a", 1)).await.unwrap());
    let nested = store.reserve_in(&mut tx, with("a", 1)).await.unwrap();
    assert!(matches!(nested, Reserved::InFlight { token: of, .. } if of == token), "{nested:?}");
    assert_eq!(store.reserve_in(&mut tx, with("a", 2)).await.unwrap(), Reserved::KeyReused);
    assert!(store.complete_in(&mut tx, "a", token, b"done", TTL).await.unwrap());
    let replayed = store.reserve_in(&mut tx, with("a", 1)).await.unwrap();
    assert_eq!(replayed, Reserved::Completed { record: b"done".to_vec() });
}

#[tokio::test]
async fn a_savepoint_that_is_rolled_back_gives_the_key_back() {
    let place = Place::new();
    let store = place.store().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let mut savepoint = tx.begin().await.unwrap();
    claimed_in(&store, &mut savepoint, "a").await;
    savepoint.rollback().await.unwrap();
    let other = claimed(&store, claim("a")).await;
    let found = store.reserve_in(&mut tx, claim("a")).await.unwrap();
    assert!(matches!(found, Reserved::InFlight { token, .. } if token == other), "{found:?}");
}

#[tokio::test]
async fn a_transaction_and_a_call_with_a_lease_exclude_each_other() {
    let place = Place::new();
    let store = place.store().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let token = claimed(&store, claim("leased")).await;
    let found = store.reserve_in(&mut tx, claim("leased")).await.unwrap();
    let Reserved::InFlight { token: of, lease_left } = found else { panic!("{found:?}") };
    assert!(of == token && lease_left <= LEASE && lease_left > LEASE / 2);
    assert!(store.complete("leased", token, b"done", TTL).await.unwrap());
    let found = store.reserve_in(&mut tx, claim("leased")).await.unwrap();
    assert_eq!(found, Reserved::Completed { record: b"done".to_vec() });
}

/// A call let its lease run out, and a transaction takes over.
#[tokio::test]
async fn a_late_owner_waits_for_the_transaction_that_took_over_to_be_decided() {
    let place = Place::new();
    let store = place.store().await;
    for commit in [true, false] {
        let key = if commit { "commit" } else { "rollback" };
        let late = claimed(&store, Claim { lease: Duration::from_millis(1), ..claim(key) }).await;
        let mut ours = place.connection().await;
        let mut tx = ours.begin().await.unwrap();
        let token = loop {
            match store.reserve_in(&mut tx, claim(key)).await.unwrap() {
                Reserved::Claimed { token, took_over } => {
                    assert!(took_over);
                    break token;
                }
                Reserved::InFlight { .. } => {}
                other => panic!("{other:?}"),
            }
        };
        assert!(is_held(&store.reserve(claim(key)).await.unwrap()));
        let completion = tokio::spawn({
            let store = std::sync::Arc::clone(&store);
            async move { store.complete(key, late, b"late", TTL).await.unwrap() }
        });
        assert!(store.complete_in(&mut tx, key, token, b"new", TTL).await.unwrap());
        let blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%test%idempotency%'";
        while place.number(blocked).await == 0 && !completion.is_finished() {}
        if commit {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        assert_eq!(completion.await.unwrap(), !commit, "who took over and committed is the owner");
        let record: &[u8] = if commit { b"new" } else { b"late" };
        assert_eq!(store.reserve(claim(key)).await.unwrap(), Reserved::Completed { record: record.to_vec() });
    }
}

#[tokio::test]
async fn a_transaction_that_commits_without_a_completion_is_found_out_by_its_lease() {
    let place = Place::new();
    let store = place.store().await;
    let mut ours = place.connection().await;
    let mut tx = ours.begin().await.unwrap();
    let token = token_of(
        store.reserve_in(&mut tx, Claim { lease: Duration::from_millis(1), ..claim("a") }).await.unwrap(),
    );
    tx.commit().await.unwrap();
    loop {
        match store.reserve(claim("a")).await.unwrap() {
            Reserved::Claimed { token: next, took_over } => break assert!(took_over && next > token),
            Reserved::InFlight { token: of, .. } => assert_eq!(of, token),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_claim_without_a_transaction_to_be_in_is_refused() {
    let place = Place::new();
    let store = place.store().await;
    let mut ours = place.connection().await;
    let error = store.reserve_in(&mut ours, claim("a")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(error.problem().contains("the connection is in no transaction; begin one"), "{error}");
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Claimed { took_over: false, .. }));

    sqlx::raw_sql("BEGIN").execute(&mut ours).await.unwrap();
    assert!(matches!(store.reserve_in(&mut ours, claim("b")).await.unwrap(), Reserved::Claimed { .. }));
    sqlx::raw_sql("SELECT 1 / 0").execute(&mut ours).await.unwrap_err();
    let error = store.complete_in(&mut ours, "b", Token(1), b"", TTL).await.unwrap_err();
    assert!(error.problem().contains("an earlier statement of it failed: roll it back"), "{error}");
}
