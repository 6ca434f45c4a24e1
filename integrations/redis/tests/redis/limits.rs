use std::{sync::Arc, time::Duration};

use mainstay_redis::RateLimitCache;
use mainstay_runtime::{
    rate_limit::{Algorithm, Rate, RateLimitConfig, RateLimitStore, Take},
    store::StoreErrorKind,
};
use mainstay_testkit::contract::RateLimitStoreContract;

use crate::at_hand::{self, Client, prefix, server, store_on};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn redis_keeps_the_promises_of_a_store_of_limits() {
    let prefix = prefix();
    let (one, other) = (store_on(server(), &prefix), store_on(server(), &prefix));
    RateLimitStoreContract::new(Arc::new(one), Arc::new(other)).check().await;
}

#[tokio::test]
async fn what_is_unspent_is_forgotten_by_itself() {
    let (prefix, mut client) = (prefix(), Client::of(server()).await);
    let store = store_on(server(), &prefix);
    let config = RateLimitConfig::new(Rate::new(10, Duration::from_secs(100)));
    let cases = [
        (config, 10_000..=10_100),
        (config.initial(5), 3_600_000..=3_661_000),
        (config.algorithm(Algorithm::FixedWindow), 99_000..=100_100),
        (config.algorithm(Algorithm::SlidingWindow), 199_000..=200_100),
    ];
    for (config, expected) in cases {
        // In the server's own milliseconds, so that it does not matter how long the answers take.
        let before = client.millis().await;
        assert!(store.take(Take { key: "k", config: &config, tokens: 1.0 }).await.unwrap().allowed);
        let after = client.millis().await;
        let mut ends = Vec::new();
        let keys: Vec<String> = client.ask(&["KEYS", &format!("{prefix}:rate:*")]).await;
        for key in keys {
            ends.push(client.ask::<i64>(&["PEXPIRETIME", &key]).await);
            let _: i64 = client.ask(&["DEL", &key]).await;
        }
        let [end] = ends[..] else { panic!("{config}: {ends:?}") };
        // It was set at some time between the two.
        let (least, most) = (end - after, end - before);
        assert!(
            most >= *expected.start() && least <= *expected.end(),
            "{config}: {least} to {most}, not {expected:?}"
        );
    }
}

#[tokio::test]
async fn check_rate_limit_counts_calls_per_key() {
    let store = at_hand::store();
    let limits = RateLimitCache::new(&store);
    for left in [2.0, 1.0, 0.0] {
        let taken = limits.check_rate_limit("user:123", 3, HOUR).await.unwrap();
        assert!(taken.allowed);
        assert_eq!(taken.remaining, left);
    }
    let taken = limits.check_rate_limit("user:123", 3, HOUR).await.unwrap();
    assert!(!taken.allowed && taken.retry_after > Some(HOUR), "it slides: {taken:?}");
    assert!(limits.check_rate_limit("user:124", 3, HOUR).await.unwrap().allowed);
    let fixed = RateLimitCache::new(&store).algorithm(Algorithm::FixedWindow);
    for _ in 0..3 {
        assert!(fixed.check_rate_limit("user:123", 3, HOUR).await.unwrap().allowed);
    }
    assert!(fixed.check_rate_limit("user:123", 3, HOUR).await.unwrap().retry_after <= Some(HOUR));
}

#[tokio::test]
async fn a_limit_of_zero_refuses_and_a_window_of_zero_is_an_error() {
    let limits = RateLimitCache::new(&at_hand::store());
    let taken = limits.check_rate_limit("k", 0, HOUR).await.unwrap();
    assert!(!taken.allowed && taken.retry_after.is_none());
    let error = limits.check_rate_limit("k", 1, Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(error.to_string().contains("the period is zero"), "{error}");
}
