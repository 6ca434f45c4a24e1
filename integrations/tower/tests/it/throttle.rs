use mainstay::{Class, Error, Kind, throttle::Throttle, tower::ThrottleLayer};
use mainstay_testkit::{Script, Step, Stepper};
use tower::{Layer, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, is_ready, kind, name};

fn throttle() -> &'static Throttle {
    Throttle::builder().register(name("throttle")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_refuses_a_share_of_the_calls_to_a_server_that_rejects_them() {
    let throttle = throttle();
    let backend = Backend::always(Step::fail(Failure::Busy(SECOND)));
    let service = ThrottleLayer::of(throttle).layer(backend.clone());
    let mut refused = 0;
    for _ in 0..500 {
        refused += u64::from(kind(&service.clone().oneshot(1).await) == Some(Kind::ClientThrottled));
    }
    assert!(refused > 0 && throttle.rejection_rate() > 0.5);
    let reached = backend.calls() as u64;
    assert_eq!((throttle.rejected_count(), throttle.refused_count()), (reached, refused));
    assert_eq!(reached + refused, 500);
}

#[tokio::test]
async fn answers_count_by_their_class_and_refusals_of_others_by_their_kind() {
    let throttle = throttle();
    let script =
        Script::steps().ok(7).fail(Failure::Wrong).fail(Failure::Down).fail(Failure::Busy(SECOND)).end();
    let service = ThrottleLayer::of(throttle).layer(Backend::new(script));
    for _ in 0..4 {
        let _ = service.clone().oneshot(1).await;
    }
    assert_eq!((throttle.accepted_count(), throttle.rejected_count()), (2, 1));
    throttle.reset();
    let inner = tower::service_fn(|refusal: Error| async { Err::<u64, _>(refusal) });
    let service = ThrottleLayer::of(throttle).layer(inner);
    for refusal in [Error::bulkhead_full("in", 1), Error::timed_out("in", SECOND)] {
        let _ = service.clone().oneshot(refusal).await;
    }
    assert_eq!((throttle.accepted_count(), throttle.rejected_count()), (2, 2));
}

#[tokio::test]
async fn a_closure_says_what_a_rejection_is() {
    let throttle = throttle();
    let layer = ThrottleLayer::of(throttle)
        .class_by(|answer: &Answer| (*answer == Ok(429)).then_some(Class::Throttled { retry_after: None }));
    let service = layer.layer(Backend::new(Script::steps().ok(7).ok(429).end()));
    for _ in 0..2 {
        assert!(service.clone().oneshot(1).await.is_ok());
    }
    assert_eq!((throttle.accepted_count(), throttle.rejected_count()), (1, 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_says_nothing() {
    let throttle = throttle();
    let mut dropped =
        Stepper::new(ThrottleLayer::of(throttle).layer(Backend::always(Step::hang())).oneshot(1));
    assert!(dropped.poll().is_pending());
    drop(dropped);
    assert_eq!((throttle.accepted_count(), throttle.rejected_count()), (0, 0));
}

#[test]
fn it_is_ready_when_the_service_is() {
    let backend = Backend::always(Step::ok(1));
    let mut service = ThrottleLayer::of(throttle()).layer(backend.clone());
    backend.hold_back();
    assert!(!is_ready(&mut service));
    backend.let_go();
    assert!(is_ready(&mut service));
}
