use std::{sync::Arc, time::Duration};

use mainstay::idempotent::IdempotencyStore;
use mainstay::{Error, idempotent, policies};
use mainstay_testkit::{Recorder, Stepper};

use crate::support::{Body, Watched, done, ms, take_over};

#[tokio::test(start_paused = true)]
async fn the_lease_is_renewed_every_third_of_it_while_the_body_runs() {
    #[idempotent(key = 1, lease = "3s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        tokio::time::sleep(Duration::from_secs(10)).await;
        Ok(1)
    }
    let store = Watched::new();
    assert_eq!(call(&store).await, Ok(1));
    // The tenth renewal and the end of the body fall on one instant.
    let asked: Vec<_> = store.asked();
    assert_eq!(asked.iter().filter(|step| **step != "renew").collect::<Vec<_>>(), [&"reserve", &"complete"]);
    assert!((9..=10).contains(&asked.iter().filter(|step| **step == "renew").count()), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_wait_renews_nothing_and_takes_two_steps() {
    #[idempotent(key = 1, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(1)
    }
    let store = Watched::new();
    assert_eq!(call(&store).await, Ok(1));
    assert_eq!(store.asked(), ["reserve", "complete"]);
    assert_eq!(call(&store).await, Ok(1));
    assert_eq!(store.asked(), ["reserve"], "a replay is one step");
}

#[tokio::test(start_paused = true)]
async fn a_late_owner_is_reported_and_gives_what_the_one_that_took_over_gave() {
    static BODY: Body = Body::shut();
    #[idempotent("lease.late", key = "k", lease = "1s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let (store, recorder) = (Watched::new(), Recorder::listen());
    let mut late = Stepper::new(call(&store));
    assert!(late.poll().is_pending());
    // Its process stands still, or its store is away, for longer than the lease.
    let token = take_over(&store, "lease.late:k", ms(1000)).await;
    assert!(store.complete("lease.late:k", token, b"=99", ms(60_000)).await.unwrap());
    BODY.let_go();
    assert_eq!(done(&mut late).await, Ok(99), "one key, one answer");
    let reported =
        recorder.events("lease.late").iter().filter(|event| event.contains("CompletionRefused")).count();
    assert_eq!((reported, policies().idempotency("lease.late").unwrap().late_count()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_late_owner_waits_for_the_one_that_took_over() {
    static BODY: Body = Body::shut();
    #[idempotent("lease.a_late_owner_waits_for_t", key = "k", lease = "1s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = Watched::new();
    let mut late = Stepper::new(call(&store));
    assert!(late.poll().is_pending());
    let token = take_over(&store, "lease.a_late_owner_waits_for_t:k", ms(1000)).await;
    BODY.let_go();
    assert!(late.poll().is_pending());
    assert!(store.complete("lease.a_late_owner_waits_for_t:k", token, b"=99", ms(60_000)).await.unwrap());
    assert_eq!(done(&mut late).await, Ok(99));
}

#[tokio::test(start_paused = true)]
async fn a_late_owner_whose_successor_gave_up_completes_after_all() {
    static BODY: Body = Body::shut();
    #[idempotent("lease.a_late_owner_whose_succe", key = "k", lease = "1s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = Watched::new();
    let mut late = Stepper::new(call(&store));
    assert!(late.poll().is_pending());
    let token = take_over(&store, "lease.a_late_owner_whose_succe:k", ms(1000)).await;
    assert!(store.release("lease.a_late_owner_whose_succe:k", token).await.unwrap());
    BODY.let_go();
    assert_eq!(done(&mut late).await, Ok(1));
    assert_eq!(call(&store).await, Ok(1));
    assert_eq!(BODY.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_takes_over_is_told_and_counted() {
    #[idempotent("lease.over", key = "k", lease = "1s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(5)
    }
    let (store, recorder) = (Watched::new(), Recorder::listen());
    // An owner that crashed.
    let claim = mainstay::idempotent::Claim {
        key: "lease.over:k",
        fingerprint: None,
        lease: ms(1000),
        ttl: ms(60_000),
    };
    store.reserve(claim).await.unwrap();
    let start = tokio::time::Instant::now();
    assert_eq!(call(&store).await, Ok(5));
    assert_eq!(start.elapsed(), ms(1000), "it waited for the lease to run out, and no longer");
    assert!(recorder.events("lease.over").iter().any(|event| event.contains("TookOver")));
    assert_eq!(policies().idempotency("lease.over").unwrap().took_over_count(), 1);
}

#[test]
fn a_sync_call_is_renewed_beside_it() {
    #[idempotent(key = 1, lease = "10ms", store = store)]
    fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        // Until it is seen, however long that takes.
        while store.times("renew") < 3 {
            std::thread::yield_now();
        }
        Ok(1)
    }
    let store = Watched::new();
    assert_eq!(call(&store), Ok(1));
}
