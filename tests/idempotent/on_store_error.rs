use std::sync::Arc;

use mainstay::{Error, Kind, idempotent};
use mainstay_testkit::Stepper;

use crate::support::{Body, PayError, Watched, done, ms, refused};

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_refuses_the_call_and_says_why() {
    static BODY: Body = Body::open();
    #[idempotent("store_error.closed", key = 1, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run())
    }
    let store = Watched::new();
    store.goes_away();
    let error = call(&store).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Store);
    assert_eq!(
        error.to_string(),
        "`store_error.closed` did not run: the test's store could not reserve: connection refused; is the server running?"
    );
    assert_eq!(BODY.runs(), 0);
    store.comes_back();
    assert_eq!(call(&store).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn open_the_call_runs_all_the_same() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, on_store_error = open, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run())
    }
    let store = Watched::new();
    store.goes_away();
    assert_eq!((call(&store).await, call(&store).await), (Ok(1), Ok(2)));
    store.comes_back();
    assert_eq!((call(&store).await, call(&store).await), (Ok(3), Ok(3)));
}

#[tokio::test(start_paused = true)]
async fn a_completion_is_tried_again_while_the_lease_lasts() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = Watched::new();
    let mut first = Stepper::new(call(&store));
    assert!(first.poll().is_pending());
    store.goes_away();
    BODY.let_go();
    assert!(first.poll().is_pending());
    tokio::time::advance(ms(5000)).await;
    assert!(first.poll().is_pending());
    store.comes_back();
    assert_eq!(done(&mut first).await, Ok(1));
    assert_eq!(call(&store).await, Ok(1));
    assert_eq!(BODY.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_ran_and_cannot_be_recorded_is_told_so() {
    static BODY: Body = Body::shut();
    #[idempotent("store_error.unrecorded", key = 1, lease = "10s", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = Watched::new();
    let mut first = Stepper::new(call(&store));
    assert!(first.poll().is_pending());
    store.goes_away();
    BODY.let_go();
    let start = tokio::time::Instant::now();
    let error = done(&mut first).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unrecorded);
    assert!(
        error.to_string().starts_with("`store_error.unrecorded` ran under the key \"1\", but"),
        "{error}"
    );
    assert!(start.elapsed() > ms(8000) && start.elapsed() <= ms(10_000), "{:?}", start.elapsed());
}

#[test]
fn a_sync_call_is_told_too() {
    #[idempotent(key = 1, store = store)]
    fn call(store: &Arc<Watched>) -> Result<u32, PayError> {
        let _ = store;
        Ok(1)
    }
    let store = Watched::new();
    store.goes_away();
    assert_eq!(call(&store), refused(Kind::Store));
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_and_cannot_be_read_is_an_error_and_not_a_second_run() {
    use mainstay::idempotent::IdempotencyStore as _;
    static BODY: Body = Body::open();
    #[idempotent("store_error.codec", key = "k", store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run())
    }
    let store = Watched::new();
    let claim = mainstay::idempotent::Claim {
        key: "store_error.codec:k",
        fingerprint: None,
        lease: ms(1000),
        ttl: ms(1000),
    };
    let mainstay::idempotent::Reserved::Claimed { token, .. } = store.reserve(claim).await.unwrap() else {
        panic!("nobody has claimed it")
    };
    assert!(store.complete("store_error.codec:k", token, b"=\"text\"", ms(60_000)).await.unwrap());
    let error = call(&store).await.unwrap_err().to_string();
    assert!(error.contains("what is kept is no JSON of a `u32`"), "{error}");
    assert_eq!(BODY.runs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_answer_cannot_be_written_does_not_run_again() {
    use std::collections::HashMap;
    static BODY: Body = Body::open();
    #[idempotent("store_error.unwritten", key = 1, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<HashMap<Vec<u8>, u32>, Error> {
        let _ = store;
        Ok(HashMap::from([(vec![1], BODY.run())]))
    }
    let store = Watched::new();
    for _ in 0..2 {
        let error = call(&store).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unrecorded, "{error}");
        assert!(error.to_string().contains("cannot be written as JSON"), "{error}");
        tokio::time::advance(ms(60_000)).await;
    }
    assert_eq!(BODY.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_would_come_back_changed_is_refused_and_one_of_nothing_is_given_again() {
    static BODY: Body = Body::open();
    #[idempotent("store_error.changed", key = which, store = store)]
    async fn call(store: &Arc<Watched>, which: u32) -> Result<Option<Option<f64>>, Error> {
        let _ = store;
        BODY.run();
        Ok([None, Some(None), Some(Some(f64::NAN)), Some(Some(0.1))][which as usize])
    }
    let store = Watched::new();
    for _ in 0..2 {
        assert_eq!(call(&store, 0).await, Ok(None));
        assert_eq!(call(&store, 3).await, Ok(Some(Some(0.1))));
        for (which, problem) in [(1, "give it back as `None`"), (2, "infinite or none")] {
            let error = call(&store, which).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Unrecorded, "{error}");
            assert!(error.to_string().contains(problem), "{error}");
        }
    }
    assert_eq!(BODY.runs(), 4);
}
