use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay_postgres::PostgresStore;
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved},
    store::{Store, StoreError, StoreErrorKind as Kind},
};
use mainstay_testkit::servers::PostgresServer;
use sqlx::postgres::PgPoolOptions;

use crate::common::{TTL, claim, claimed, patient};

async fn store_at(server: &PostgresServer) -> Arc<PostgresStore> {
    let store = patient().connect(&server.url()).await.unwrap();
    store.migrate().await.unwrap();
    Arc::new(store)
}

fn told(server: &PostgresServer, error: &StoreError, kinds: &[Kind], problem: &str) {
    assert!(kinds.contains(&error.kind()) && error.problem().contains(problem), "{error}");
    assert_eq!(error.store(), format!("postgres at {}/postgres (mainstay.idempotency)", server.address()));
    assert!(!format!("{error} {error:?}").contains(PostgresServer::PASSWORD), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_away_is_told_and_found_again_when_it_is_back() {
    let mut server = PostgresServer::start().unwrap();
    let store = store_at(&server).await;
    let token = claimed(&store, claim("a")).await;
    server.kill();
    let error = store.reserve(claim("b")).await.unwrap_err();
    told(&server, &error, &[Kind::Unavailable], "connection refused; is the server running");
    told(&server, &store.ping().await.unwrap_err(), &[Kind::Unavailable], "connection refused");
    let error = PostgresStore::connect(&server.url()).await.unwrap_err();
    told(&server, &error, &[Kind::Unavailable], "connection refused");
    server.restart().unwrap();
    store.ping().await.unwrap();
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    claimed(&store, claim("b")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_cut_while_idle_are_replaced_without_an_error() {
    let mut server = PostgresServer::start().unwrap();
    let store = store_at(&server).await;
    for round in 0..2 {
        // Several connections, by several steps at once.
        let steps = (0..10).map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { claimed(&store, claim(&format!("{round}-{n}"))).await })
        });
        for step in steps.collect::<Vec<_>>() {
            step.await.unwrap();
        }
        server.kill();
        server.restart().unwrap();
    }
    claimed(&store, claim("last")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_completion_outlasts_a_restart_of_the_server() {
    let mut server = PostgresServer::start().unwrap();
    let store = store_at(&server).await;
    let token = claimed(&store, claim("a")).await;
    server.kill();
    let completion = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.complete("a", token, b"done", TTL).await }
    });
    // It has been refused by now, or will be.
    store.ping().await.unwrap_err();
    server.restart().unwrap();
    assert!(completion.await.unwrap().unwrap());
    assert_eq!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_in_time() {
    let server = PostgresServer::start().unwrap();
    store_at(&server).await;
    let short = Duration::from_millis(200);
    let builder = PostgresStore::builder().acquire_timeout(short).statement_timeout(short);
    let store = builder.clone().connect_lazy(&server.url()).unwrap();
    // On a busy machine that may not be in time at first.
    while store.ping().await.is_err() {}
    server.pause().unwrap();
    told(&server, &store.reserve(claim("a")).await.unwrap_err(), &[Kind::TimedOut], "within");
    told(&server, &store.ping().await.unwrap_err(), &[Kind::TimedOut], "no connection within 200ms");
    told(
        &server,
        &builder.connect(&server.url()).await.unwrap_err(),
        &[Kind::TimedOut],
        "no connection within",
    );
    server.resume().unwrap();
    // What was asked may have been done: the claim is there, or it is not.
    while store.reserve(claim("a")).await.is_err() {}
}

#[tokio::test]
async fn a_pool_of_the_callers_tells_the_same() {
    let mut server = PostgresServer::start().unwrap();
    let options = PgPoolOptions::new().acquire_timeout(Duration::from_millis(500));
    let store = PostgresStore::from_pool(options.connect_lazy(&server.url()).unwrap()).unwrap();
    // On a busy machine half a second may not be enough at first.
    while store.migrate().await.is_err() {}
    server.kill();
    told(&server, &store.ping().await.unwrap_err(), &[Kind::Unavailable], "connection refused");
    server.restart().unwrap();
    while store.ping().await.is_err() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_told_of_changes_again_after_a_restart() {
    let mut server = PostgresServer::start().unwrap();
    let store = store_at(&server).await;
    let token = claimed(&store, claim("a")).await;
    let waiting = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            loop {
                match store.reserve(claim("a")).await {
                    Ok(Reserved::InFlight { token, .. }) => {
                        store.changed("a", token, Duration::from_secs(3600)).await;
                    }
                    Ok(over) => return over,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        }
    });
    server.kill();
    server.restart().unwrap();
    store.ping().await.unwrap();
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
    assert_eq!(waiting.await.unwrap(), Reserved::Completed { record: b"done".to_vec() });
}

/// Eight callers work through keys while the server dies three times. What was acknowledged holds: a completion is there, and
/// no key is completed by two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_server_that_is_killed_in_the_middle() {
    let mut server = PostgresServer::start().unwrap();
    let store = store_at(&server).await;
    let completed = Arc::new(Mutex::new(BTreeMap::<String, Vec<u64>>::new()));
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let workers = (0..8).map(|worker| {
        let (store, completed, stop) = (Arc::clone(&store), Arc::clone(&completed), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut n = 0_u64;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                // Two callers to a key.
                let key = format!("{}-{n}", worker / 2);
                let Ok(Reserved::Claimed { token, .. }) = store.reserve(claim(&key)).await else { continue };
                let record = token.0.to_string();
                if store.complete(&key, token, record.as_bytes(), TTL).await == Ok(true) {
                    completed.lock().unwrap().entry(key).or_default().push(token.0);
                }
            }
        })
    });
    let workers = workers.collect::<Vec<_>>();
    for kills in 1..=3 {
        while completed.lock().unwrap().len() < kills * 200 {
            tokio::task::yield_now().await;
        }
        server.kill();
        server.restart().unwrap();
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for worker in workers {
        worker.await.unwrap();
    }
    let completed = completed.lock().unwrap().clone();
    for (key, tokens) in completed {
        let [token] = tokens[..] else { panic!("{key} was completed by {tokens:?}") };
        let found = store.reserve(Claim { lease: Duration::from_millis(1), ..claim(&key) }).await.unwrap();
        assert_eq!(found, Reserved::Completed { record: token.to_string().into_bytes() }, "{key}");
    }
}
