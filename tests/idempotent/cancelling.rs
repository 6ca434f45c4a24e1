use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use mainstay::{Error, Kind, idempotent};
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::support::{Body, Memory, PayError, Watched, done, memory, ms, refused};

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_key_back() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1)]
    async fn local() -> Result<u32, Error> {
        Ok(BODY.run_held().await)
    }
    #[idempotent(key = 1, store = store)]
    async fn stored(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = memory();
    let mut first = Stepper::new(local());
    assert!(first.poll().is_pending());
    drop(first);
    let mut in_store = Stepper::new(stored(&store));
    assert!(in_store.poll().is_pending());
    drop(in_store);
    BODY.let_go();
    BODY.let_go();
    assert_eq!((local().await, stored(&store).await), (Ok(3), Ok(4)));
}

#[tokio::test(start_paused = true)]
async fn one_of_those_who_wait_runs_in_its_place() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1)]
    async fn call() -> Result<u32, Error> {
        Ok(BODY.run_held().await)
    }
    let (mut first, mut second) = (Stepper::new(call()), Stepper::new(call()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    drop(first);
    BODY.let_go();
    assert_eq!(done(&mut second).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn or_keeps_it_where_its_effect_may_have_happened() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1, on_cancel = keep, in_flight = reject, ttl = "10s")]
    async fn local() -> Result<u32, PayError> {
        Ok(BODY.run_held().await)
    }
    #[idempotent(key = 1, on_cancel = keep, in_flight = reject, lease = "10s", store = store)]
    async fn stored(store: &Memory) -> Result<u32, PayError> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = memory();
    let mut first = Stepper::new(local());
    assert!(first.poll().is_pending());
    drop(first);
    let mut in_store = Stepper::new(stored(&store));
    assert!(in_store.poll().is_pending());
    drop(in_store);
    tokio::time::advance(ms(9_999)).await;
    assert_eq!(local().await, refused(Kind::InFlight));
    assert_eq!(stored(&store).await, refused(Kind::InFlight));
    tokio::time::advance(ms(1)).await;
    BODY.let_go();
    BODY.let_go();
    assert_eq!((local().await, stored(&store).await), (Ok(3), Ok(4)));
}

#[test]
fn a_panic_gives_the_key_back_and_goes_on() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1)]
    fn call() -> Result<u32, Error> {
        match BODY.run() {
            1 => panic!("the body's own"),
            run => Ok(run),
        }
    }
    assert!(catch_unwind(call).is_err());
    assert_eq!(call(), Ok(2));
}

#[test]
fn a_panic_of_a_sync_call_gives_its_key_in_a_store_back() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, store = store)]
    fn call(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        match BODY.run() {
            1 => panic!("the body's own"),
            run => Ok(run),
        }
    }
    let store = memory();
    assert!(catch_unwind(AssertUnwindSafe(|| call(&store))).is_err());
    assert_eq!(call(&store), Ok(2));
}

#[tokio::test(start_paused = true)]
async fn wherever_a_call_is_dropped_the_next_one_runs() {
    let body = Body::open();
    #[idempotent(key = 1)]
    async fn local(body: &Body) -> Result<u32, Error> {
        tokio::task::yield_now().await;
        let run = body.run();
        tokio::time::sleep(ms(1)).await;
        Err(Error::timed_out(run.to_string(), ms(1)))
    }
    #[idempotent(key = 1, store = store)]
    async fn stored(body: &Body, store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        tokio::task::yield_now().await;
        let run = body.run();
        tokio::time::sleep(ms(1)).await;
        Err(Error::timed_out(run.to_string(), ms(1)))
    }
    let store = Watched::new();
    drop_at_every_await(ms(1), || local(&body), |_| {}).await;
    drop_at_every_await(ms(1), || stored(&body, &store), |_| {}).await;
    let before = body.runs();
    assert!(local(&body).await.is_err() && stored(&body, &store).await.is_err());
    assert_eq!(body.runs(), before + 2);
}
