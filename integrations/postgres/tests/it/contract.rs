use std::{sync::Arc, time::Duration};

use mainstay_testkit::contract::{IdempotencyStoreContract, Passing};
use sqlx::postgres::PgPoolOptions;

use crate::common::Place;

/// The server's clock is nobody's to move.
fn pass() -> Passing {
    Box::new(|time| Box::pin(tokio::time::sleep(time)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_keeps_what_all_stores_promise() {
    let place = Place::new();
    let store = place.store().await;
    IdempotencyStoreContract::new(store, pass()).check().await;
}

#[tokio::test]
async fn so_does_a_store_on_a_pool_of_the_callers() {
    let place = Place::new();
    // The strictest of isolation levels is no obstacle for statements that are alone in their transactions.
    let options = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(30));
    let options = options.after_connect(|connection, _| {
        Box::pin(async move {
            let strict = "SET default_transaction_isolation = 'serializable'";
            sqlx::query(strict).execute(connection).await.map(drop)
        })
    });
    let pool = options.connect(&place.server.url()).await.unwrap();
    let store = Arc::new(place.builder().from_pool(pool).unwrap());
    store.migrate().await.unwrap();
    IdempotencyStoreContract::new(store, pass()).check().await;
}
