use std::panic::AssertUnwindSafe;

use mainstay::{
    Class, Error, Kind,
    adaptive_limit::{AdaptiveLimit, Priority},
    tower::AdaptiveLimitLayer,
};
use mainstay_testkit::{Script, Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, is_ready, kind, name};

fn limit(places: u32) -> &'static AdaptiveLimit {
    AdaptiveLimit::builder().min(1).initial(places).max(places).register(name("adaptive")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_place_when_it_is_made_and_the_next_is_refused() {
    let limit = limit(1);
    let backend = Backend::always(Step::delay(SECOND, Step::ok(7)));
    let mut service = AdaptiveLimitLayer::of(limit).layer(backend.clone());
    assert!(is_ready(&mut service));
    drop(service.clone());
    assert_eq!(limit.in_flight(), 0);
    let first = service.call(1);
    assert_eq!(limit.in_flight(), 1);
    assert_eq!(kind(&service.ready().await.unwrap().call(2).await), Some(Kind::ConcurrencyLimited));
    assert_eq!((first.await, limit.in_flight()), (Ok(7), 0));
    assert_eq!((limit.admitted_count(), limit.rejected_count(), backend.requests()), (1, 1, vec![1]));
}

#[tokio::test]
async fn a_request_says_how_much_it_matters() {
    let limit = limit(10);
    let layer = AdaptiveLimitLayer::of(limit).priority(|request: &u64| match request {
        0 => Priority::Sheddable,
        _ => Priority::Critical,
    });
    let service = layer.layer(Backend::always(Step::ok(7)));
    let held: Vec<_> = (0..9).map(|_| limit.try_enter(Priority::Critical).unwrap()).collect();
    assert_eq!(kind(&service.clone().oneshot(0).await), Some(Kind::ConcurrencyLimited));
    assert_eq!(service.oneshot(1).await, Ok(7));
    assert_eq!((limit.rejected_of(Priority::Sheddable), limit.rejected_count()), (1, 1));
    drop(held);
}

#[tokio::test]
async fn throttled_is_overload_and_other_errors_tell_nothing() {
    let limit = limit(10);
    let script =
        Script::steps().fail(Failure::Busy(SECOND)).fail(Failure::Down).fail(Failure::Wrong).ok(7).end();
    let service = AdaptiveLimitLayer::of(limit).layer(Backend::new(script));
    for _ in 0..4 {
        let _ = service.clone().oneshot(1).await;
    }
    assert_eq!((limit.overload_count(), limit.in_flight()), (1, 0));
    // The refusals of others are known for what they are.
    let inner = tower::service_fn(|refusal: Error| async { Err::<u64, _>(refusal) });
    let service = AdaptiveLimitLayer::of(limit).layer(inner);
    let refusals =
        [Error::timed_out("in", SECOND), Error::bulkhead_full("in", 1), Error::circuit_open("in", None)];
    for refusal in refusals {
        assert!(service.clone().oneshot(refusal).await.is_err());
    }
    assert_eq!(limit.overload_count(), 3);
}

#[tokio::test]
async fn a_closure_says_what_overload_is() {
    let limit = limit(10);
    let layer = AdaptiveLimitLayer::of(limit)
        .class_by(|answer: &Answer| (*answer == Ok(503)).then_some(Class::Throttled { retry_after: None }));
    let service = layer.layer(Backend::new(Script::steps().ok(7).ok(503).end()));
    for _ in 0..2 {
        assert!(service.clone().oneshot(1).await.is_ok());
    }
    assert_eq!(limit.overload_count(), 1);
}

#[tokio::test]
async fn a_call_that_is_dropped_or_panics_gives_its_place_back() {
    let limit = limit(1);
    let layer = AdaptiveLimitLayer::of(limit);
    let mut dropped = Stepper::new(layer.layer(Backend::always(Step::hang())).oneshot(1));
    assert!(dropped.poll().is_pending() && limit.in_flight() == 1);
    drop(dropped);
    assert_eq!(limit.in_flight(), 0);

    let mut panics = Stepper::new(layer.layer(Backend::always(Step::panic("boom"))).oneshot(1));
    std::panic::catch_unwind(AssertUnwindSafe(|| panics.poll())).unwrap_err();
    assert_eq!(limit.in_flight(), 0);

    let inner = tower::service_fn(|_: u64| -> std::future::Ready<Answer> { panic!("boom") });
    let mut service = layer.layer(inner);
    std::panic::catch_unwind(AssertUnwindSafe(|| drop(service.call(1)))).unwrap_err();
    assert_eq!((limit.in_flight(), limit.overload_count()), (0, 0));
}

#[test]
fn it_is_ready_when_the_service_is() {
    let backend = Backend::always(Step::ok(1));
    let mut service = AdaptiveLimitLayer::of(limit(1)).layer(backend.clone());
    backend.hold_back();
    assert!(!is_ready(&mut service));
    backend.let_go();
    assert!(is_ready(&mut service));
}
