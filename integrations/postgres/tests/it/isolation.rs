//! Exactly once, whatever the isolation level of the caller's transactions.

use std::sync::Arc;

use mainstay_postgres::PostgresStore;
use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved, TransactionalStore},
    store::{StoreError, StoreErrorKind},
};
use sqlx::{Connection, PgConnection, Postgres, Transaction};

use crate::common::{Place, TTL, claim, claimed_in, effect, is_held};

const READ_COMMITTED: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const REPEATABLE_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
const SERIALIZABLE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
const LEVELS: [&str; 3] = [READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE];

fn is_told_to_begin_anew(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Unavailable
        && error.problem().contains("roll back and begin the transaction anew")
}

#[tokio::test]
async fn a_transaction_whose_snapshot_is_older_than_the_record_never_claims_it_again() {
    let place = Place::new();
    let store = place.store().await;
    place.ledger().await;
    for (n, level) in LEVELS.into_iter().enumerate() {
        for asked_before in [false, true] {
            let key = format!("{n}-{asked_before}");
            let (mut ours, mut theirs) = (place.connection().await, place.connection().await);
            let mut old = ours.begin_with(level).await.unwrap();
            let mut new = theirs.begin_with(level).await.unwrap();
            if !asked_before {
                sqlx::query("SELECT 1").execute(&mut *old).await.unwrap();
            }
            let token = claimed_in(&store, &mut new, &key).await;
            if asked_before {
                assert!(is_held(&store.reserve_in(&mut old, claim(&key)).await.unwrap()));
            }
            assert!(store.complete_in(&mut new, &key, token, b"done", TTL).await.unwrap());
            new.commit().await.unwrap();
            let done = Reserved::Completed { record: b"done".to_vec() };
            match store.reserve_in(&mut old, claim(&key)).await {
                Ok(found) => assert!(level == READ_COMMITTED && found == done, "{level}: {found:?}"),
                Err(error) => {
                    assert!(level != READ_COMMITTED && is_told_to_begin_anew(&error), "{level}: {error}");
                    old.rollback().await.unwrap();
                    let mut anew = ours.begin_with(level).await.unwrap();
                    assert_eq!(store.reserve_in(&mut anew, claim(&key)).await.unwrap(), done);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_transaction_that_will_see_a_call_in_flight_for_ever_is_told_to_begin_anew() {
    let place = Place::new();
    let store = place.store().await;
    for level in LEVELS {
        let mut ours = place.connection().await;
        let mut old = ours.begin_with(level).await.unwrap();
        let token = crate::common::claimed(&store, claim(level)).await;
        let in_flight = store.reserve_in(&mut old, claim(level)).await.unwrap();
        assert!(matches!(in_flight, Reserved::InFlight { token: of, .. } if of == token), "{in_flight:?}");
        assert!(store.complete(level, token, b"done", TTL).await.unwrap());
        match store.reserve_in(&mut old, claim(level)).await {
            Ok(found) => {
                assert_eq!(found, Reserved::Completed { record: b"done".to_vec() });
                assert_eq!(level, READ_COMMITTED);
            }
            Err(error) => {
                assert!(level != READ_COMMITTED && is_told_to_begin_anew(&error), "{level}: {error}")
            }
        }
    }
}

#[tokio::test]
async fn a_key_used_and_given_back_meanwhile_is_free_for_an_old_snapshot_as_well() {
    let place = Place::new();
    let store = place.store().await;
    for level in LEVELS {
        let mut ours = place.connection().await;
        let mut old = ours.begin_with(level).await.unwrap();
        sqlx::query("SELECT 1").execute(&mut *old).await.unwrap();
        let token = crate::common::claimed(&store, claim(level)).await;
        assert!(store.release(level, token).await.unwrap());
        assert!(claimed_in(&store, &mut old, level).await > token);
        old.commit().await.unwrap();
    }
}

/// One call: claims in a transaction, does its work there, sometimes fails in the middle. `false`: try again.
async fn call(
    store: &PostgresStore,
    place: &Place,
    mut tx: Transaction<'_, Postgres>,
    key: &str,
    fails: bool,
) -> Result<bool, StoreError> {
    match store.reserve_in(&mut tx, claim(key)).await? {
        Reserved::Claimed { token, .. } => {
            if effect(&mut tx, place, key).await.is_err() {
                return Ok(false);
            }
            assert!(store.complete_in(&mut tx, key, token, key.as_bytes(), TTL).await?);
            if fails {
                drop(tx);
                return Ok(false);
            }
            Ok(tx.commit().await.is_ok())
        }
        Reserved::Completed { record } => {
            assert_eq!(record, key.as_bytes());
            Ok(true)
        }
        Reserved::InFlight { .. } => Ok(false),
        other => panic!("{other:?}"),
    }
}

/// The same without a transaction around it: the effect is committed alone, and nothing dies here.
async fn call_with_lease(
    store: &PostgresStore,
    place: &Place,
    connection: &mut PgConnection,
    key: &str,
    fails: bool,
) -> Result<bool, StoreError> {
    match store.reserve(claim(key)).await? {
        Reserved::Claimed { token, .. } => {
            if fails {
                assert!(store.release(key, token).await?);
                return Ok(false);
            }
            let mut tx = connection.begin().await.unwrap();
            effect(&mut tx, place, key).await.unwrap();
            tx.commit().await.unwrap();
            assert!(store.complete(key, token, key.as_bytes(), TTL).await?);
            Ok(true)
        }
        Reserved::Completed { .. } => Ok(true),
        Reserved::InFlight { .. } => Ok(false),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_has_its_effect_once_with_all_levels_and_leases_mixed() {
    const KEYS: usize = 60;
    let place = Arc::new(Place::new());
    place.store().await;
    place.ledger().await;
    let mut workers = Vec::new();
    for worker in 0..8 {
        let (place, store) = (Arc::clone(&place), place.bare().await);
        workers.push(tokio::spawn(async move {
            let mut connection = place.connection().await;
            for n in 0..KEYS {
                let key = format!("key-{n}");
                for round in 0.. {
                    // Some give up in the middle of it, at first.
                    let fails = round < 2 && (worker + n + round) % 3 == 0;
                    let done = if worker % 4 == 3 {
                        call_with_lease(&store, &place, &mut connection, &key, fails).await
                    } else {
                        let tx = connection.begin_with(LEVELS[worker % 4]).await.unwrap();
                        call(&store, &place, tx, &key, fails).await
                    };
                    match done {
                        Ok(true) => break,
                        Ok(false) => {}
                        Err(error) => assert!(is_told_to_begin_anew(&error), "{error}"),
                    }
                }
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(place.effects().await, KEYS as i64, "one effect for each key");
    assert_eq!(place.number("SELECT count(DISTINCT key) FROM {schema}.ledger").await, KEYS as i64);
    let completed = "SELECT count(*) FROM {schema}.idempotency WHERE lease_end IS NULL";
    assert_eq!(place.number(completed).await, KEYS as i64);
}
