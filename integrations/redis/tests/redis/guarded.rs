//! Servers that allow less than a plain one.

use std::{sync::Arc, time::Duration};

use mainstay_redis::{CacheManager, RedisStore};
use mainstay_runtime::{
    cached::CacheStore,
    idempotent::IdempotencyStore,
    store::{Store, StoreErrorKind},
};
use mainstay_testkit::{
    contract::{self, IdempotencyStoreContract, RateLimitStoreContract},
    servers::RedisServer,
};

use crate::at_hand::{Client, LONG, patient, store_on};

async fn keeps_all_promises(store: RedisStore) {
    let by_sleeping = |time: Duration| Box::pin(tokio::time::sleep(time)) as _;
    IdempotencyStoreContract::new(Arc::new(store.clone()), Box::new(by_sleeping)).check().await;
    RateLimitStoreContract::new(Arc::new(store.clone()), Arc::new(store.clone())).check().await;
    contract::cache(&store, &store).await;
    let manager = CacheManager::new(&store, "p");
    manager.set("k", &7, LONG).await.unwrap();
    assert_eq!(manager.get::<u64>("k").await.unwrap(), Some(7));
    assert!(manager.exists("k").await.unwrap());
    assert!(manager.expire("k", LONG).await.unwrap());
    assert!(manager.ttl("k").await.unwrap().is_some());
    assert!(manager.delete("k").await.unwrap());
}

/// A cluster refuses a script or a command that touches more than its one key.
#[tokio::test]
async fn the_node_of_a_cluster_runs_every_step() {
    let server = RedisServer::builder().config("cluster-enabled", "yes").start().unwrap();
    let store = store_on(&server, "app");
    let error = store.remove("k").await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "it has no slots yet: {error}");
    let mut client = Client::of(&server).await;
    let _: () = client.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]).await;
    crate::at_hand::until("a cluster of one", async || store.remove("k").await.ok()).await;
    keeps_all_promises(store).await;
}

/// What docs/reference/redis.md says a user must be allowed.
const ALLOWED: &str = "-@all +auth +hello +ping +evalsha +script|load +hmget +hset +hdel +del +unlink \
    +get +set +exists +pexpire +pttl +scan +multi +exec +time +publish +subscribe";

#[tokio::test]
async fn a_user_needs_no_more_than_the_reference_says() {
    let server = RedisServer::start().unwrap();
    let mut client = Client::of(&server).await;
    let mut set = vec!["ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "&app:*"];
    set.extend(ALLOWED.split_whitespace());
    let _: () = client.ask(&set).await;
    let url = format!("redis://app:s3cret@{}", server.address());
    keeps_all_promises(patient(&url).prefix("app").build().unwrap()).await;

    let stranger = patient(&url).prefix("other").build().unwrap();
    stranger.ping().await.unwrap();
    let error = stranger.set("k", b"1", LONG).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
    assert!(error.to_string().contains("allow this user the store's keys"), "{error}");
}

#[tokio::test]
async fn a_replica_refuses_and_says_where_to_go() {
    let server = RedisServer::builder().config("replicaof", "127.0.0.1 1").start().unwrap();
    let store = store_on(&server, "app");
    let claim = mainstay_runtime::idempotent::Claim { key: "k", fingerprint: None, lease: LONG, ttl: LONG };
    let error = store.reserve(claim).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
    assert!(error.to_string().contains("give the address of its primary"), "{error}");
}
