use std::time::Duration;

use mainstay_runtime::{
    idempotent::IdempotencyStore,
    store::{Store, StoreError, StoreErrorKind as Kind},
};
use mainstay_testkit::servers::PostgresServer;
use sqlx::postgres::PgPoolOptions;

use crate::common::{Place, claim, claimed, patient};

/// Errors name the server, and never the password.
fn told(place: &Place, error: &StoreError, kind: Kind, problem: &str) {
    let text = format!("{error} {error:?}");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.problem().contains(problem), "{error}");
    assert!(error.store().starts_with(&format!("postgres at {}/", place.server.address())), "{error}");
    assert!(!text.contains(PostgresServer::PASSWORD) && !text.contains("wr0ng"), "{text}");
}

async fn connect(url: &str) -> StoreError {
    patient().connect(url).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_password_a_missing_user_and_a_missing_database_are_told() {
    let place = Place::new();
    let server = &place.server;
    let error = connect(&server.url_as("postgres", "wr0ng", "postgres")).await;
    told(
        &place,
        &error,
        Kind::Refused,
        "password authentication failed for user \"postgres\"; see user and password",
    );
    let error = connect(&server.url_as("nobody", "wr0ng", "postgres")).await;
    told(&place, &error, Kind::Refused, "password authentication failed for user \"nobody\"");
    let error = connect(&server.url_as("postgres", PostgresServer::PASSWORD, "shop")).await;
    told(&place, &error, Kind::Refused, "does not exist; make it: CREATE DATABASE \"shop\"");
    assert!(error.store().contains("/shop ("), "{error}");
}

#[tokio::test]
async fn missing_permissions_are_told_with_those_that_are_needed() {
    let place = Place::new();
    let name = format!("user_{}", place.schema.replace(' ', "_"));
    place.run(&format!("CREATE ROLE {name} LOGIN PASSWORD 'wr0ng-to-tell'")).await;
    let url = place.server.url_as(&name, "wr0ng-to-tell", "postgres");
    let store = place.builder().connect(&url).await.unwrap();
    let needs = format!("for `migrate()` the user `{name}` needs CREATE on the database");
    told(&place, &store.migrate().await.unwrap_err(), Kind::Refused, &needs);

    place.store().await;
    told(
        &place,
        &store.reserve(claim("a")).await.unwrap_err(),
        Kind::Refused,
        "permission denied for schema",
    );
    let grants = format!(
        "GRANT USAGE ON SCHEMA {{schema}} TO {name}; \
         GRANT USAGE ON SEQUENCE {{schema}}.idempotency_tokens TO {name}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.idempotency TO {name}; \
         GRANT SELECT ON {{schema}}.idempotency_migrations TO {name}"
    );
    place.run(&grants).await;
    store.migrate().await.unwrap();
    store.ping().await.unwrap();
    claimed(&store, claim("a")).await;
}

#[tokio::test]
async fn an_url_that_cannot_be_read_is_told_with_one_that_can() {
    for url in ["", "somewhere", "postgres://u:wr0ng@host:none/db"] {
        let error = connect(url).await;
        assert_eq!(error.kind(), Kind::Refused);
        assert!(
            error.problem().contains("it looks like `postgres://user:password@host:5432/database`"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("wr0ng"), "{error:?}");
    }
}

#[tokio::test]
async fn encryption_that_is_not_to_be_had_is_told() {
    let place = Place::new();
    let error = connect(&format!("{}?sslmode=require", place.server.url())).await;
    told(&place, &error, Kind::Refused, "it takes the feature `postgres-tls`");
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_told() {
    let place = Place::new();
    place.store().await;
    let url = format!("{}?options=-c%20default_transaction_read_only%3Don", place.server.url());
    let store = place.builder().connect(&url).await.unwrap();
    told(&place, &store.reserve(claim("a")).await.unwrap_err(), Kind::Refused, "connect to the primary");
    told(&place, &store.ping().await.unwrap_err(), Kind::Refused, "it takes no writes");
}

#[tokio::test]
async fn a_pool_without_a_free_connection_is_told() {
    let place = Place::new();
    let options = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(1));
    let pool = options.connect_lazy(&place.server.url()).unwrap();
    let store = place.builder().from_pool(pool.clone()).unwrap();
    // On a busy machine a second may not be enough to connect.
    let taken = loop {
        if let Ok(taken) = pool.acquire().await {
            break taken;
        }
    };
    let mut error = store.ping().await.unwrap_err();
    while error.problem().starts_with("no connection within 1s") {
        error = store.ping().await.unwrap_err();
    }
    told(&place, &error, Kind::TimedOut, "all 1 connections of the pool were in use for 1s");
    drop(taken);
    pool.close().await;
    told(&place, &store.ping().await.unwrap_err(), Kind::Unavailable, "its pool was closed");
}

#[tokio::test]
async fn a_name_that_is_too_long_is_told() {
    let place = Place::new();
    let error = place.builder().table("x".repeat(46)).connect(&place.server.url()).await.unwrap_err();
    assert!(error.problem().starts_with("`table` is "), "{error}");
}
