use mainstay_runtime::{
    idempotent::IdempotencyStore,
    store::{Store, StoreErrorKind},
};

use crate::common::{Place, claim, claimed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_processes_migrate_at_once() {
    let place = Place::new();
    let mut running = Vec::new();
    for _ in 0..4 {
        let store = place.bare().await;
        running.push(tokio::spawn(async move {
            store.migrate().await.unwrap();
            store.migrate().await.unwrap();
            store.ping().await.unwrap();
        }));
    }
    for one in running {
        one.await.unwrap();
    }
    assert_eq!(place.number("SELECT count(*) FROM {schema}.idempotency_migrations").await, 1);
}

#[tokio::test]
async fn without_migrations_every_step_says_what_to_call() {
    let place = Place::new();
    let store = place.bare().await;
    for error in [store.reserve(claim("a")).await.unwrap_err(), store.ping().await.unwrap_err()] {
        assert_eq!(error.kind(), StoreErrorKind::Incompatible);
        assert!(error.problem().contains("call `store.migrate().await` once"), "{error}");
    }
    // The connection is as good as before.
    store.migrate().await.unwrap();
    claimed(&store, claim("a")).await;
}

#[tokio::test]
async fn tables_of_a_later_version_are_told_as_such() {
    let place = Place::new();
    let store = place.store().await;
    place.run("INSERT INTO {schema}.idempotency_migrations (version) VALUES (99)").await;
    for error in [store.migrate().await.unwrap_err(), store.ping().await.unwrap_err()] {
        assert_eq!(error.kind(), StoreErrorKind::Incompatible);
        assert!(
            error.problem().starts_with("its tables have version 99, this Mainstay knows version 1"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_half_done() {
    let place = Place::new();
    place.run("CREATE SCHEMA {schema}; CREATE TABLE {schema}.idempotency_expires_idx (); CREATE SEQUENCE {schema}.idempotency_tokens").await;
    let store = place.bare().await;
    store.migrate().await.unwrap_err();
    let tables =
        "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'idempotency%' AND schemaname = '{schema}'";
    let tables = tables.replace("'{schema}'", &format!("'{}'", place.schema));
    assert_eq!(place.number(&tables).await, 1);
    place.run("DROP SEQUENCE {schema}.idempotency_tokens").await;
    store.migrate().await.unwrap();
    claimed(&store, claim("a")).await;
}
