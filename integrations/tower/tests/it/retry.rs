use mainstay::{
    Class, Kind,
    bulkhead::Bulkhead,
    clock::now,
    retry::{Jitter, Retry, RetryConfig},
    tower::{BulkheadLayer, RetryLayer},
};
use mainstay_testkit::{Script, Step, Stepper};
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, kind, name};

fn three() -> RetryConfig {
    Retry::builder().max_attempts(3).initial_delay(SECOND).jitter(Jitter::None)
}

fn retry() -> &'static Retry {
    three().register(name("retry")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_tries_again_with_waits_between() {
    let retry = retry();
    let backend = Backend::new(Script::steps().times(2, Step::fail(Failure::Down)).ok(7).end());
    let start = now();
    assert_eq!(RetryLayer::of(retry).layer(backend.clone()).oneshot(5).await, Ok(7));
    assert_eq!(backend.requests(), [5, 5, 5]);
    assert_eq!((now().saturating_since(start), retry.retries()), (3 * SECOND, 2));
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_the_calls_and_a_permanent_error_is_final() {
    let (retry, backend) = (retry(), Backend::always(Step::fail(Failure::Down)));
    assert_eq!(RetryLayer::of(retry).layer(backend.clone()).oneshot(1).await, Err(Failure::Down));
    assert_eq!((backend.calls(), retry.exhausted()), (3, 1));
    let backend = Backend::always(Step::fail(Failure::Wrong));
    assert_eq!(RetryLayer::of(retry).layer(backend.clone()).oneshot(1).await, Err(Failure::Wrong));
    assert_eq!((backend.calls(), retry.not_retryable()), (1, 1));
    assert!(RetryLayer::of(retry).every_error().layer(backend.clone()).oneshot(1).await.is_err());
    assert_eq!(backend.calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_servers_hint_is_the_shortest_wait_and_a_response_may_be_a_failure() {
    let backend = Backend::new(Script::steps().fail(Failure::Busy(9 * SECOND)).ok(503).ok(7).end());
    let layer = RetryLayer::of(retry()).class_by(|answer: &Answer| match answer {
        Ok(503) => Some(Class::Transient),
        Ok(_) => None,
        Err(error) => Some(mainstay::Classify::classify(error)),
    });
    let start = now();
    assert_eq!(layer.layer(backend).oneshot(1).await, Ok(7));
    assert_eq!(now().saturating_since(start), 11 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_inside_is_not_tried_again() {
    let bulkhead = Bulkhead::builder(1).register(name("bulkhead")).unwrap();
    let _taken = bulkhead.try_enter().unwrap();
    let backend = Backend::always(Step::ok(1));
    let service = ServiceBuilder::new()
        .layer(RetryLayer::of(retry()))
        .layer(BulkheadLayer::of(bulkhead))
        .service(backend.clone());
    assert_eq!(kind(&service.oneshot(1).await), Some(Kind::BulkheadFull));
    assert_eq!((backend.calls(), bulkhead.rejected_count()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_further_attempt_waits_until_the_service_is_ready_and_holds_nothing_meanwhile() {
    let bulkhead = Bulkhead::builder(1).register(name("bulkhead")).unwrap();
    let backend = Backend::new(Script::steps().fail(Failure::Down).ok(7).end());
    let mut service = ServiceBuilder::new()
        .layer(RetryLayer::of(retry()))
        .layer(BulkheadLayer::of(bulkhead))
        .service(backend.clone());
    let mut call = Stepper::new(service.ready().await.unwrap().call(1));
    assert!(call.poll().is_pending());
    // Between two attempts no place is taken.
    assert_eq!(bulkhead.in_flight(), 0);
    backend.hold_back();
    mainstay::clock::sleep(SECOND).await;
    assert!(call.was_woken() && call.poll().is_pending());
    assert_eq!((backend.calls(), bulkhead.in_flight()), (1, 1));
    backend.let_go();
    assert!(call.was_woken());
    assert_eq!(call.poll(), std::task::Poll::Ready(Ok(7)));
    assert_eq!((backend.calls(), bulkhead.in_flight()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn two_calls_of_one_service_do_not_disturb_each_other() {
    let retry = retry();
    let backend = Backend::new(Script::steps().times(2, Step::fail(Failure::Down)).forever(Step::ok(7)));
    let mut service = RetryLayer::of(retry).layer(backend.clone());
    let first = service.ready().await.unwrap().call(1);
    let second = service.ready().await.unwrap().call(2);
    assert_eq!(tokio::join!(first, second), (Ok(7), Ok(7)));
    let mut requests = backend.requests();
    requests.sort_unstable();
    assert_eq!((requests, retry.retried_calls()), (vec![1, 1, 2, 2], 2));
}
