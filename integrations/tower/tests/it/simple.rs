//! Layers that reserve nothing: time limits, fallbacks, caches, counts and spans.

use mainstay::{
    Kind,
    cached::Cache,
    clock::now,
    metered::{Metered, Outcome},
    timeout::Timeout,
    tower::{CachedLayer, FallbackLayer, MeteredLayer, SpanLayer, TimeoutLayer},
};
use mainstay_testkit::{Script, Spans, Step, Stepper};
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

use crate::support::{Backend, Failure, SECOND, is_ready, kind, name};

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_is_dropped() {
    let timeout = Timeout::builder(SECOND).register(name("timeout")).unwrap();
    let backend = Backend::new(Script::steps().step(Step::hang()).forever(Step::ok(7)));
    let service = TimeoutLayer::of(timeout).layer(backend.clone());
    let start = now();
    assert_eq!(kind(&service.clone().oneshot(1).await), Some(Kind::TimedOut));
    assert_eq!((now().saturating_since(start), backend.inside(), timeout.timed_out()), (SECOND, 0, 1));
    assert_eq!(service.oneshot(1).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_service_is_not_under_the_limit() {
    let timeout = Timeout::builder(SECOND).register(name("timeout")).unwrap();
    let backend = Backend::always(Step::ok(7));
    let mut service = TimeoutLayer::of(timeout).layer(backend.clone());
    backend.hold_back();
    assert!(!is_ready(&mut service));
    tokio::time::advance(2 * SECOND).await;
    backend.let_go();
    assert_eq!(service.ready().await.unwrap().call(1).await, Ok(7));
}

#[tokio::test]
async fn a_fallback_answers_for_the_errors_it_covers() {
    let backend = Backend::new(Script::steps().fail(Failure::Down).fail(Failure::Wrong).ok(7).end());
    let name = name("fallback");
    let layer = FallbackLayer::new(name.clone(), |_: Failure| async { Ok(42) })
        .unwrap()
        .on(|error: &Failure| *error != Failure::Wrong);
    let service = layer.layer(backend);
    assert_eq!(service.clone().oneshot(1).await, Ok(42));
    assert_eq!(service.clone().oneshot(1).await, Err(Failure::Wrong));
    assert_eq!(service.oneshot(1).await, Ok(7));
    assert_eq!(mainstay::policies().fallback(&name).unwrap().answered(), 1);
}

#[tokio::test]
async fn answers_are_kept_by_key_and_errors_are_not() {
    let cache = Cache::builder().ttl(60 * SECOND).register(name("cache")).unwrap();
    let backend = Backend::new(Script::steps().fail(Failure::Down).ok(7).ok(8).ok(9).end());
    let layer = CachedLayer::of(cache).key(|request: &u64| (*request != 0).then_some(*request));
    let service = layer.layer(backend.clone());
    let call = |request| service.clone().oneshot(request);
    assert_eq!(call(1).await, Err(Failure::Down));
    assert_eq!((call(1).await, call(1).await), (Ok(7), Ok(7)));
    assert_eq!((call(2).await, call(1).await), (Ok(8), Ok(7)));
    // Without a key.
    assert_eq!(call(0).await, Ok(9));
    assert_eq!((backend.requests(), cache.hits()), (vec![1, 1, 2, 0], 2));
}

#[tokio::test(start_paused = true)]
async fn all_who_ask_for_one_key_at_once_wait_for_one_call() {
    let cache = Cache::builder().ttl(60 * SECOND).register(name("cache")).unwrap();
    let backend = Backend::new(Script::steps().delay(SECOND, Step::ok(7)).end());
    let service = CachedLayer::of(cache).key(|request: &u64| Some(*request)).layer(backend.clone());
    let calls = (0..5).map(|_| tokio::spawn(service.clone().oneshot(1)));
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok(7));
    }
    assert_eq!(backend.calls(), 1);
}

#[tokio::test]
async fn calls_are_counted_by_how_they_end() {
    let metered = Metered::builder().register(name("metered")).unwrap();
    let refusal = Failure::Policy(mainstay::Error::bulkhead_full("inside", 1));
    let backend = Backend::new(Script::steps().ok(7).fail(Failure::Down).step(Step::hang()).end());
    let service = MeteredLayer::of(metered).layer(backend);
    assert!(service.clone().oneshot(1).await.is_ok() && service.clone().oneshot(1).await.is_err());
    let mut dropped = Stepper::new(service.oneshot(1));
    assert!(dropped.poll().is_pending() && metered.in_flight() == 1);
    drop(dropped);
    assert_eq!(metered.count(Outcome::Ok), 1);
    assert_eq!(metered.count(Outcome::error(mainstay::Class::Transient)), 1);
    assert_eq!((metered.count(Outcome::Cancelled), metered.in_flight()), (1, 0));
    // The error type of this crate is known for what it is.
    let own = MeteredLayer::of(metered).layer(tower::service_fn(|_: u64| async {
        Err::<u64, _>(mainstay::Error::bulkhead_full("inside", 1))
    }));
    assert!(own.oneshot(1).await.is_err());
    assert_eq!(metered.count(Outcome::Rejected(Kind::BulkheadFull)), 1);
    drop(refusal);
}

#[tokio::test]
async fn a_call_has_a_span_in_which_it_is_made_and_runs() {
    let spans = Spans::record();
    let inner =
        SpanLayer::new("tower.inner").layer(Backend::new(Script::steps().ok(7).fail(Failure::Down).end()));
    let service = ServiceBuilder::new().layer(SpanLayer::new("tower.outer")).service(inner);
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    assert_eq!(service.oneshot(1).await, Err(Failure::Down));
    let (inner, outer) = (spans.named("tower.inner"), spans.named("tower.outer"));
    assert_eq!((inner.len(), outer.len()), (2, 2));
    for (inner, outer) in inner.iter().zip(&outer) {
        assert_eq!(inner.parent, Some(outer.context.span_id));
    }
    let failed =
        |record: &mainstay::trace::SpanRecord| matches!(record.status, mainstay::trace::Status::Error(_));
    assert_eq!(inner.iter().map(failed).collect::<Vec<_>>(), [false, true]);
    assert_eq!(
        inner[1].attribute("error.type"),
        Some(&mainstay::trace::AttributeValue::Text("transient".into()))
    );
}
