use std::time::Duration;

use mainstay_redis::RedisStore;
use mainstay_runtime::{
    idempotent::IdempotencyStore,
    store::{Store, StoreErrorKind},
};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{LONG, claim, patient, until};

// Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=mainstay test"
// -addext "subjectAltName=IP:127.0.0.1" -addext "basicConstraints=critical,CA:FALSE"`. The key opens nothing but these tests.
const CERTIFICATE: &str = include_str!("tls/server.pem");
const KEY: &str = include_str!("tls/server.key");
/// Of another key.
const STRANGER: &str = include_str!("tls/stranger.pem");

/// A server that speaks TLS alone.
fn encrypted() -> RedisServer {
    RedisServer::builder().append_only().tls(CERTIFICATE, KEY).start().unwrap()
}

#[tokio::test]
async fn an_encrypted_store_works_waits_and_comes_back() {
    let mut server = encrypted();
    let store = patient(&server.url()).tls_root(CERTIFICATE).build().unwrap();
    let token = claim(&store, "k").await;
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.changed("k", token, LONG).await }
    });
    assert!(store.complete("k", token, b"done", LONG).await.unwrap());
    waiting.await.unwrap();
    server.restart().unwrap();
    until("the server again", async || store.ping().await.ok()).await;
}

#[tokio::test]
async fn a_server_for_whom_nobody_vouches_is_refused() {
    let server = encrypted();
    for root in [None, Some(STRANGER)] {
        let builder = patient(&server.url());
        let store = match root {
            Some(root) => builder.tls_root(root),
            None => builder,
        };
        let error = store.build().unwrap().ping().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
        assert!(
            error.to_string().contains("give the certificate of who vouches for the server: `tls_root`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn one_end_that_speaks_tls_alone_is_told() {
    let (encrypted, plain) = (encrypted(), RedisServer::start().unwrap());
    let urls = [format!("redis://{}", encrypted.address()), format!("rediss://{}", plain.address())];
    let stores = [
        RedisStore::builder(&urls[0]).connect_timeout(Duration::from_millis(200)),
        patient(&urls[1]).tls_root(CERTIFICATE),
    ];
    for store in stores {
        let error = store.build().unwrap().ping().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
        assert!(error.to_string().contains("do both ends speak TLS (`rediss://`) or neither"), "{error}");
    }
}

#[test]
fn a_root_that_is_none_or_is_not_needed_is_told() {
    let (encrypted, plain) = ("rediss://localhost", "redis://localhost");
    let problem =
        |url: &str, root: &str| RedisStore::builder(url).tls_root(root).build().unwrap_err().to_string();
    assert!(problem(encrypted, "no certificate").starts_with("`tls_root`: it holds no certificate"));
    assert!(problem(plain, "no certificate").starts_with("`tls_root`: the url is not encrypted"));
}
