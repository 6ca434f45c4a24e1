use std::{sync::Arc, time::Duration};

use mainstay_redis::RedisStore;
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store,
};
use mainstay_testkit::contract::{IdempotencyStoreContract, Passing};

use crate::at_hand::{self, Client, LONG, claim, reserve, server};

fn by_sleeping() -> Passing {
    Box::new(|time| Box::pin(tokio::time::sleep(time)))
}

#[tokio::test]
async fn redis_keeps_the_promises_of_a_store_of_idempotent_calls() {
    IdempotencyStoreContract::new(Arc::new(at_hand::store()), by_sleeping()).check().await;
}

#[tokio::test]
async fn a_running_record_is_kept_for_its_lease_and_its_ttl_and_a_completed_one_for_its_ttl() {
    let (prefix, mut client) = (at_hand::prefix(), Client::of(server()).await);
    let store = at_hand::store_on(server(), &prefix);
    let record = format!("{prefix}:idempotency:k");
    let (lease, ttl) = (Duration::from_secs(100), Duration::from_secs(1000));
    let claimed = store.reserve(Claim { key: "k", fingerprint: None, lease, ttl }).await.unwrap();
    let Reserved::Claimed { token, .. } = claimed else { panic!("{claimed:?}") };
    let left: u64 = client.ask(&["PTTL", &record]).await;
    assert!((1_000_000..=1_100_000).contains(&left), "{left}");
    assert!(store.renew("k", token, 2 * lease).await.unwrap());
    let left: u64 = client.ask(&["PTTL", &record]).await;
    assert!((1_100_000..=1_200_000).contains(&left), "a renewed lease keeps its record, too: {left}");
    assert!(store.complete("k", token, b"done", LONG).await.unwrap());
    let left: u64 = client.ask(&["PTTL", &record]).await;
    assert!((3_500_000..=3_600_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_time_beyond_all_bounds_is_a_hundred_years_and_a_lease_of_none_is_over_at_once() {
    let store = at_hand::store();
    let ask =
        async |key, lease, ttl| store.reserve(Claim { key, fingerprint: None, lease, ttl }).await.unwrap();
    let years = |years: u64| Duration::from_secs(years * 365 * 24 * 3600);
    let Reserved::Claimed { token, .. } = ask("long", Duration::MAX, Duration::MAX).await else { panic!() };
    let Reserved::InFlight { lease_left, .. } = ask("long", LONG, LONG).await else { panic!() };
    assert!(lease_left > years(99) && lease_left <= years(100), "{lease_left:?}");
    assert!(store.renew("long", token, Duration::MAX).await.unwrap());
    assert!(store.complete("long", token, b"done", Duration::MAX).await.unwrap());
    assert!(matches!(ask("long", LONG, LONG).await, Reserved::Completed { .. }));

    assert!(matches!(ask("none", Duration::ZERO, LONG).await, Reserved::Claimed { took_over: false, .. }));
    let Reserved::Claimed { token, took_over: true } = ask("none", LONG, LONG).await else { panic!() };
    assert!(
        store.complete("none", token, b"done", Duration::ZERO).await.unwrap(),
        "it is kept for a millisecond"
    );
    at_hand::until("the record to go", async || {
        matches!(ask("none", LONG, LONG).await, Reserved::Claimed { .. }).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_second_completion_with_one_token_changes_nothing() {
    let store = at_hand::store();
    let token = claim(&store, "k").await;
    assert!(store.complete("k", token, b"first", LONG).await.unwrap());
    assert!(store.complete("k", token, b"second", LONG).await.unwrap());
    assert_eq!(reserve(&store, "k").await, Reserved::Completed { record: b"first".to_vec() });
}

#[tokio::test]
async fn tokens_rise_also_when_the_server_s_clock_is_behind() {
    let (prefix, mut client) = (at_hand::prefix(), Client::of(server()).await);
    let store = at_hand::store_on(server(), &prefix);
    let token = claim(&store, "k").await;
    // As if the server's clock had been a minute ahead when it gave the token.
    let ahead = token.0 + 60_000_000;
    let _: i64 = client.ask(&["HSET", &format!("{prefix}:idempotency:k"), "token", &ahead.to_string()]).await;
    assert!(store.release("k", Token(ahead)).await.unwrap());
    assert!(claim(&store, "k").await > Token(ahead));
}

#[test]
fn a_sync_caller_needs_no_runtime() {
    let store = at_hand::store();
    let token = store::block_on(claim(&store, "k")).unwrap();
    assert!(store::block_on(store.complete("k", token, b"done", LONG)).unwrap().unwrap());
}

#[test]
fn connections_outlive_the_runtime_that_first_used_them() {
    let store = at_hand::store();
    for key in ["one", "two", "three"] {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(claim(&store, key));
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_s_paused_clock_ends_no_request() {
    let store = at_hand::store();
    for key in ["one", "two", "three"] {
        claim(&store, key).await;
    }
}

#[tokio::test]
async fn a_store_can_be_chosen_when_the_service_starts() {
    let chosen: Arc<dyn IdempotencyStore<Codec = mainstay_json::Json>> = Arc::new(at_hand::store());
    chosen.ping().await.unwrap();
    assert_eq!(chosen.describe(), format!("redis at {}", server().address()));
}

#[tokio::test]
async fn an_attribute_takes_the_store_itself() {
    struct Service {
        store: RedisStore,
    }
    impl Service {
        #[mainstay::idempotent("redis.itself", key = order, store = self.store)]
        async fn charge(&self, order: u64, cents: u64) -> Result<u64, mainstay::Error> {
            let _ = order;
            Ok(cents)
        }
    }
    let prefix = at_hand::prefix();
    let service = || Service { store: at_hand::store_on(server(), &prefix) };
    assert_eq!(service().charge(1, 5).await, Ok(5));
    assert_eq!(service().charge(1, 6).await, Ok(5), "the other process gets the first one's answer");
    assert_eq!(service().charge(2, 6).await, Ok(6));
}
