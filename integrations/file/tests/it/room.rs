use std::time::Duration;

use mainstay_runtime::{
    idempotent::{IdempotencyStore, Reserved},
    store::StoreErrorKind,
};

use crate::common::{LEASE, Place, TTL, claim, claimed};

#[tokio::test]
async fn a_full_store_refuses_new_keys_until_records_expire() {
    let place = Place::new();
    let store = place.builder().max_entries(3).open().unwrap();
    for key in ["a", "b", "c"] {
        let token = claimed(&store, claim(key)).await;
        assert!(store.complete(key, token, b"done", TTL).await.unwrap());
    }
    let error = store.reserve(claim("d")).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (StoreErrorKind::Full, "reserve"));
    assert!(
        error.to_string().contains("it holds 3 records") && error.to_string().contains("max_entries"),
        "{error}"
    );
    assert!(matches!(store.reserve(claim("a")).await.unwrap(), Reserved::Completed { .. }));
    place.wall.advance(TTL);
    claimed(&store, claim("d")).await;
    claimed(&store, claim("a")).await;
}

#[tokio::test]
async fn the_file_does_not_grow_with_keys_that_expire() {
    let place = Place::new();
    let store = place.builder().max_entries(20).open().unwrap();
    let ttl = Duration::from_secs(10);
    for n in 0..200 {
        let key = format!("key-{n}");
        let token = claimed(&store, claim(&key)).await;
        assert!(store.complete(&key, token, &[7; 1000], ttl).await.unwrap());
        place.wall.advance(Duration::from_secs(1));
    }
    let size = std::fs::metadata(place.path()).unwrap().len();
    drop(store);
    // What is left fits into the smallest store that holds what had not expired.
    let store = place.builder().max_entries(12).open().unwrap();
    claimed(&store, claim("one more")).await;
    assert!(size < 4 << 20, "{size} bytes");
}

#[tokio::test]
async fn a_claim_that_is_renewed_is_not_swept() {
    let place = Place::new();
    let store = place.open();
    let mut short = claim("a");
    short.ttl = Duration::from_secs(1);
    let token = claimed(&store, short).await;
    for n in 0..10 {
        place.wall.advance(LEASE);
        assert!(store.renew("a", token, LEASE).await.unwrap());
        claimed(&store, claim(&format!("other-{n}"))).await;
    }
    assert!(store.complete("a", token, b"done", TTL).await.unwrap());
}
