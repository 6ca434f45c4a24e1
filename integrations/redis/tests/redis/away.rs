use std::{
    io::{Read, Write},
    net::TcpListener,
    time::{Duration, Instant},
};

use mainstay_redis::RedisStore;
use mainstay_runtime::{
    idempotent::IdempotencyStore,
    store::{Store, StoreError, StoreErrorKind},
};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{LONG, claim, patient, store_on, until};

/// That it names the store, shows no password, and says the rest.
fn says(error: &StoreError, server: &str, kind: StoreErrorKind, words: &str) {
    let said = format!("{error} {error:?}");
    assert_eq!(error.kind(), kind, "{said}");
    assert!(said.starts_with(&format!("redis at {server} could not ")), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_address_and_the_remedy() {
    // Bound, so that nobody else can begin to listen there.
    let bound = tokio::net::TcpSocket::new_v4().unwrap();
    bound.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let free = bound.local_addr().unwrap();
    let url = format!("redis://ann:s3cret@{free}");
    let error = RedisStore::connect(&url).await.unwrap_err();
    says(&error, &free.to_string(), StoreErrorKind::Unavailable, "is it running, and is the address right?");
    let store = RedisStore::builder(url).build().unwrap();
    says(
        &store.ping().await.unwrap_err(),
        &free.to_string(),
        StoreErrorKind::Unavailable,
        "could not ping: ",
    );
}

#[tokio::test]
async fn a_store_comes_back_with_its_server() {
    let mut server = RedisServer::start().unwrap();
    let store = store_on(&server, "app");
    store.ping().await.unwrap();
    server.kill();
    let error = until("a server that is away", async || store.ping().await.err()).await;
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    server.restart().unwrap();
    until("the server again", async || store.ping().await.ok()).await;
    claim(&store, "k").await;
}

#[tokio::test]
async fn an_idle_store_finds_a_restarted_server_without_an_error() {
    let mut server = RedisServer::start().unwrap();
    let store = store_on(&server, "app");
    for _ in 0..5 {
        store.ping().await.unwrap();
        server.restart().unwrap();
    }
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_within_the_response_timeout() {
    let server = RedisServer::start().unwrap();
    let limit = Duration::from_millis(150);
    let store =
        RedisStore::builder(server.url()).response_timeout(limit).connect_timeout(limit).build().unwrap();
    let token = claim(&patient(&server.url()).build().unwrap(), "k").await;
    until("an answer in time", async || store.ping().await.ok()).await;
    server.pause().unwrap();
    let start = Instant::now();
    let error = store.complete("k", token, b"done", LONG).await.unwrap_err();
    assert!(start.elapsed() >= limit);
    says(
        &error,
        &server.address(),
        StoreErrorKind::TimedOut,
        "no answer within 150ms, and what was asked may have been done",
    );
    // All who ask meanwhile share one attempt to connect, so nobody waits for another's turn.
    let asked: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.ping().await }
            })
        })
        .collect();
    for asked in asked {
        says(
            &asked.await.unwrap().unwrap_err(),
            &server.address(),
            StoreErrorKind::Unavailable,
            "no connection within 150ms",
        );
    }
    server.resume().unwrap();
    let again =
        until("the server again", async || store.complete("k", token, b"done", LONG).await.ok()).await;
    assert!(again, "what timed out can be tried again");
}

#[tokio::test]
async fn a_wrong_or_missing_password_is_told_and_not_shown() {
    let server = RedisServer::builder().password("s3cret").start().unwrap();
    patient(&server.url()).build().unwrap().ping().await.unwrap();
    for url in [format!("redis://:not-s3cret@{}", server.address()), format!("redis://{}", server.address())]
    {
        let error = patient(&url).build().unwrap().ping().await.unwrap_err();
        says(&error, &server.address(), StoreErrorKind::Refused, "correct user and password in the url");
    }
}

#[tokio::test]
async fn what_is_no_redis_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let error = patient(&format!("redis://{address}")).build().unwrap().ping().await.unwrap_err();
    says(
        &error,
        &address.to_string(),
        StoreErrorKind::Incompatible,
        "does something else than Redis listen there?",
    );
}

#[tokio::test]
async fn who_listens_and_says_nothing_is_given_up_within_the_connect_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let limit = Duration::from_millis(100);
    let store = RedisStore::builder(format!("redis://{address}")).connect_timeout(limit).build().unwrap();
    let error = store.ping().await.unwrap_err();
    says(&error, &address.to_string(), StoreErrorKind::Unavailable, "no connection within 100ms");
}

#[tokio::test]
async fn a_server_that_is_full_refuses() {
    let server = RedisServer::builder().config("maxmemory", "1").start().unwrap();
    let store = store_on(&server, "app");
    let error = mainstay_runtime::cached::CacheStore::set(&store, "k", b"value", LONG).await.unwrap_err();
    says(&error, &server.address(), StoreErrorKind::Refused, "maxmemory");
}

#[tokio::test]
async fn a_key_of_another_program_is_told() {
    let server = RedisServer::start().unwrap();
    let mut client = crate::at_hand::Client::of(&server).await;
    let _: () = client.ask(&["SET", "app:idempotency:k", "mine"]).await;
    let store = store_on(&server, "app");
    let claim = mainstay_runtime::idempotent::Claim { key: "k", fingerprint: None, lease: LONG, ttl: LONG };
    let error = store.reserve(claim).await.unwrap_err();
    says(&error, &server.address(), StoreErrorKind::Incompatible, "give the store a prefix of its own");
}

#[tokio::test]
async fn a_bad_url_is_told_when_connecting() {
    let error = RedisStore::connect("redis://:s3cret@host:notaport").await.unwrap_err();
    assert!(
        error.to_string().starts_with("redis could not connect: `url`: write the server's address"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}
