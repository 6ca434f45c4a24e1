use mainstay::{clock::now, hedge::Hedge, tower::HedgeLayer};
use mainstay_testkit::{Script, Step};
use tower::{Layer, ServiceExt};

use crate::support::{Backend, Failure, SECOND, name};

fn hedge() -> &'static Hedge {
    Hedge::builder().after(SECOND).register(name("hedge")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn another_attempt_is_made_beside_a_slow_one_and_the_first_answer_counts() {
    let (hedge, start) = (hedge(), now());
    let backend = Backend::new(Script::steps().step(Step::hang()).ok(7).end());
    assert_eq!(HedgeLayer::of(hedge).layer(backend.clone()).oneshot(5).await, Ok(7));
    assert_eq!((backend.requests(), now().saturating_since(start)), (vec![5, 5], SECOND));
    assert_eq!((backend.inside(), hedge.won()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_quick_answer_and_a_permanent_error_are_the_answer() {
    let backend = Backend::new(
        Script::steps().ok(7).delay(2 * SECOND, Step::fail(Failure::Wrong)).step(Step::hang()).end(),
    );
    let service = HedgeLayer::of(hedge()).layer(backend.clone());
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    assert_eq!(service.oneshot(2).await, Err(Failure::Wrong));
    assert_eq!((backend.requests(), backend.inside()), (vec![1, 2, 2], 0));
}

#[tokio::test(start_paused = true)]
async fn a_further_attempt_waits_until_its_service_is_ready() {
    let backend = Backend::new(Script::steps().delay(3 * SECOND, Step::ok(7)).end());
    let mut service = HedgeLayer::of(hedge()).layer(backend.clone());
    let call = tower::Service::call(service.ready().await.unwrap(), 1);
    backend.hold_back();
    assert_eq!(call.await, Ok(7));
    assert_eq!(backend.calls(), 1);
}
