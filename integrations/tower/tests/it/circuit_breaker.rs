use std::panic::AssertUnwindSafe;

use mainstay::{
    Class, Kind,
    circuit_breaker::{CircuitBreaker, State},
    tower::CircuitBreakerLayer,
};
use mainstay_testkit::{Script, Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, is_ready, kind, name};

fn breaker(failures: u32) -> &'static CircuitBreaker {
    CircuitBreaker::builder()
        .failure_threshold(failures)
        .success_threshold(1)
        .timeout(SECOND)
        .register(name("breaker"))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_opens_refuses_and_lets_a_probe_through() {
    let breaker = breaker(2);
    let backend = Backend::new(Script::steps().times(2, Step::fail(Failure::Down)).forever(Step::ok(7)));
    let mut service = CircuitBreakerLayer::of(breaker).layer(backend.clone());
    for _ in 0..2 {
        assert_eq!(service.ready().await.unwrap().call(1).await, Err(Failure::Down));
    }
    assert_eq!(kind(&service.ready().await.unwrap().call(1).await), Some(Kind::CircuitOpen));
    assert_eq!(backend.calls(), 2);
    tokio::time::advance(SECOND).await;
    assert_eq!(service.ready().await.unwrap().call(1).await, Ok(7));
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test]
async fn errors_count_by_their_class() {
    let breaker = breaker(1);
    let backend = Backend::always(Step::fail(Failure::Wrong));
    let service = CircuitBreakerLayer::of(breaker).layer(backend.clone());
    assert_eq!(service.clone().oneshot(1).await, Err(Failure::Wrong));
    assert_eq!((breaker.success_count(), breaker.state()), (1, State::Closed));
    // A refusal by another policy inside says nothing of the backend.
    let refusing = Backend::always(Step::fail(Failure::Policy(mainstay::Error::bulkhead_full("inside", 1))));
    let answer = CircuitBreakerLayer::of(breaker).layer(refusing.clone()).oneshot(1).await;
    assert_eq!((kind(&answer), breaker.ignored_count()), (Some(Kind::BulkheadFull), 1));
    // Unless one asks for every error, and even then not for one that is known to be a refusal.
    assert!(CircuitBreakerLayer::of(breaker).every_error().layer(backend).oneshot(1).await.is_err());
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test]
async fn a_closure_says_what_answers_are_failures() {
    let breaker = breaker(1);
    let layer = CircuitBreakerLayer::of(breaker)
        .class_by(|answer: &Answer| (*answer == Ok(503)).then_some(Class::Transient));
    let service = layer.layer(Backend::new(Script::steps().fail(Failure::Down).ok(503).end()));
    assert_eq!(service.clone().oneshot(1).await, Err(Failure::Down));
    assert_eq!(service.oneshot(1).await, Ok(503));
    assert_eq!((breaker.success_count(), breaker.failure_count()), (1, 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_is_ignored_and_one_that_panics_is_a_failure() {
    let breaker = breaker(1);
    let layer = CircuitBreakerLayer::of(breaker);
    let mut stepper = Stepper::new(layer.layer(Backend::always(Step::hang())).oneshot(1));
    assert!(stepper.poll().is_pending());
    drop(stepper);
    assert_eq!((breaker.ignored_count(), breaker.failure_count()), (1, 0));

    let mut stepper = Stepper::new(layer.layer(Backend::always(Step::panic("boom"))).oneshot(1));
    std::panic::catch_unwind(AssertUnwindSafe(|| stepper.poll())).unwrap_err();
    assert_eq!((breaker.ignored_count(), breaker.failure_count()), (1, 1));
    drop(stepper);
    assert_eq!(breaker.ignored_count(), 1);
}

#[tokio::test]
async fn a_panic_in_the_call_itself_is_a_failure() {
    let breaker = breaker(1);
    let panics = tower::service_fn(|_: u64| -> std::future::Ready<Answer> { panic!("boom") });
    let mut service = CircuitBreakerLayer::of(breaker).layer(panics);
    std::panic::catch_unwind(AssertUnwindSafe(|| drop(service.call(1)))).unwrap_err();
    assert_eq!(breaker.failure_count(), 1);
}

#[test]
fn it_is_ready_when_the_service_is() {
    let backend = Backend::always(Step::ok(1));
    let mut service = CircuitBreakerLayer::of(breaker(1)).layer(backend.clone());
    backend.hold_back();
    assert!(!is_ready(&mut service));
    backend.let_go();
    assert!(is_ready(&mut service));
}
