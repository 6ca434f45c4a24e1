use mainstay::{Error, idempotent, retry};

use crate::support::{Body, Memory, PayError, memory};

fn flaky(body: &Body) -> Result<u32, PayError> {
    match body.run() {
        run @ ..3 => Err(PayError::Policy(run.to_string())),
        run => Ok(run),
    }
}

#[tokio::test(start_paused = true)]
async fn retries_above_claim_the_key_for_every_attempt() {
    let (body, store) = (Body::open(), memory());
    #[retry(max_attempts = 3)]
    #[idempotent("retry.above", key = 1)]
    async fn local(body: &Body) -> Result<u32, PayError> {
        flaky(body)
    }
    #[retry(max_attempts = 3)]
    #[idempotent("retry.above.store", key = 1, store = store)]
    async fn stored(body: &Body, store: &Memory) -> Result<u32, PayError> {
        let _ = store;
        flaky(body)
    }
    assert_eq!((local(&body).await, local(&body).await), (Ok(3), Ok(3)));
    let runs = mainstay::policies().idempotency("retry.above").unwrap().run_count();
    assert_eq!((body.runs(), runs), (3, 3));
    let body = Body::open();
    assert_eq!((stored(&body, &store).await, stored(&body, &store).await), (Ok(3), Ok(3)));
    assert_eq!(body.runs(), 3);
}

#[tokio::test(start_paused = true)]
async fn retries_below_are_one_run_of_the_key() {
    let (body, store) = (Body::open(), memory());
    #[idempotent("retry.below", key = 1)]
    #[retry(max_attempts = 3)]
    async fn local(body: &Body) -> Result<u32, PayError> {
        flaky(body)
    }
    #[idempotent("retry.below.store", key = 1, store = store)]
    #[retry(max_attempts = 3)]
    async fn stored(body: &Body, store: &Memory) -> Result<u32, PayError> {
        let _ = store;
        flaky(body)
    }
    assert_eq!((local(&body).await, local(&body).await), (Ok(3), Ok(3)));
    let runs = mainstay::policies().idempotency("retry.below").unwrap().run_count();
    assert_eq!((body.runs(), runs), (3, 1));
    let body = Body::open();
    assert_eq!((stored(&body, &store).await, stored(&body, &store).await), (Ok(3), Ok(3)));
    assert_eq!(body.runs(), 3);
}

#[test]
fn so_it_is_for_sync_calls() {
    let body = Body::open();
    #[retry(max_attempts = 3, initial_delay = "0s")]
    #[idempotent(key = 1)]
    fn above(body: &Body) -> Result<u32, PayError> {
        flaky(body)
    }
    assert_eq!((above(&body), above(&body), body.runs()), (Ok(3), Ok(3), 3));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_for_a_moment_is_tried_again() {
    use std::sync::Arc;

    use crate::support::Watched;
    #[retry(max_attempts = 3)]
    #[idempotent(key = 1, store = store)]
    async fn call(store: &Arc<Watched>) -> Result<u32, Error> {
        let _ = store;
        Ok(1)
    }
    let store = Watched::new();
    store.goes_away();
    let (answer, ()) = tokio::join!(call(&store), async {
        while store.times("reserve") < 2 {
            tokio::time::sleep(crate::support::ms(1)).await;
        }
        store.comes_back();
    });
    assert_eq!(answer, Ok(1));
    assert_eq!(store.asked(), ["reserve", "reserve", "reserve", "complete"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_duplicate_is_final() {
    let body = Body::open();
    #[retry(max_attempts = 3)]
    #[idempotent(key = 1, on_duplicate = error)]
    async fn call(body: &Body) -> Result<u32, Error> {
        Ok(body.run())
    }
    assert_eq!(call(&body).await, Ok(1));
    let start = tokio::time::Instant::now();
    assert_eq!(call(&body).await.unwrap_err().kind(), mainstay::Kind::Duplicate);
    assert_eq!(start.elapsed(), crate::support::ms(0));
}
