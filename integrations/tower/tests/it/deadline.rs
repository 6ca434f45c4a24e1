//! What layers do where the caller has no more time.

use std::time::Duration;

use mainstay::{
    Class, Kind,
    adaptive_limit::AdaptiveLimit,
    bulkhead::Bulkhead,
    cached::Cache,
    circuit_breaker::{CircuitBreaker, State},
    clock, deadline,
    rate_limit::{Rate, RateLimiter},
    throttle::Throttle,
    tower::{
        AdaptiveLimitLayer, BulkheadLayer, CachedLayer, CircuitBreakerLayer, KeyedCircuitBreakerLayer,
        RateLimitLayer, ThrottleLayer,
    },
};
use mainstay_testkit::Step;
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::{Answer, Backend, Failure, SECOND, kind, name};

/// As a client that has been told when to stop, and stops by itself with this answer.
fn stops_with(answer: Answer) -> impl Service<u64, Response = u64, Error = Failure, Future: Send> + Clone {
    service_fn(move |_: u64| {
        let answer = answer.clone();
        async move {
            clock::sleep(deadline::remaining().unwrap_or(60 * SECOND)).await;
            answer
        }
    })
}

/// One call whose caller has a second, and one whose caller has any time.
async fn with_and_without<S>(service: S, check: impl Fn(bool))
where
    S: Service<u64, Response = u64, Error = Failure> + Clone,
{
    drop(deadline::scope(SECOND, service.clone().oneshot(1)).await);
    check(true);
    drop(service.oneshot(1).await);
    check(false);
}

async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = tokio::time::Instant::now();
    (future.await, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_breaker_does_not_count_what_the_callers_deadline_has_ended() {
    let breaker = CircuitBreaker::builder().failure_threshold(1).register(name("deadline")).unwrap();
    let service = CircuitBreakerLayer::of(breaker).layer(stops_with(Err(Failure::Down)));
    with_and_without(service, |hurried| {
        let expected = if hurried { (State::Closed, 1, 0) } else { (State::Open, 1, 1) };
        assert_eq!((breaker.state(), breaker.ignored_count(), breaker.failure_count()), expected);
    })
    .await;
    let breakers = CircuitBreaker::builder().failure_threshold(1).register_keyed(name("deadline")).unwrap();
    let layer = KeyedCircuitBreakerLayer::of(breakers).key(|request: &u64| Some(*request));
    with_and_without(layer.layer(stops_with(Err(Failure::Down))), |hurried| {
        let expected = if hurried { State::Closed } else { State::Open };
        assert_eq!(breakers.get(&1_u64).state(), expected);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nor_an_answer_that_says_that_there_was_no_time() {
    let breaker = CircuitBreaker::builder().failure_threshold(1).register(name("deadline")).unwrap();
    let layer = CircuitBreakerLayer::of(breaker)
        .class_by(|answer: &Answer| (*answer == Ok(504)).then_some(Class::Transient));
    with_and_without(layer.layer(stops_with(Ok(504))), |hurried| {
        assert_eq!(breaker.state() == State::Closed, hurried);
    })
    .await;
    let breaker = CircuitBreaker::builder().register(name("deadline")).unwrap();
    let service = CircuitBreakerLayer::of(breaker).layer(stops_with(Ok(200)));
    with_and_without(service, |hurried| {
        assert_eq!(breaker.success_count(), if hurried { 1 } else { 2 });
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nor_do_a_throttle_and_an_adaptive_limit() {
    let busy = || stops_with(Err(Failure::Busy(SECOND)));
    let throttle = Throttle::builder().register(name("deadline")).unwrap();
    with_and_without(ThrottleLayer::of(throttle).layer(busy()), |hurried| {
        assert_eq!(throttle.rejected_count(), u64::from(!hurried));
    })
    .await;
    let limit = AdaptiveLimit::builder().register(name("deadline")).unwrap();
    with_and_without(AdaptiveLimitLayer::of(limit).layer(busy()), |hurried| {
        assert_eq!(limit.overload_count(), u64::from(!hurried));
        assert_eq!(limit.in_flight(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_place_ends_with_the_deadline() {
    let bulkhead = Bulkhead::builder(1).max_wait(60 * SECOND).register(name("deadline")).unwrap();
    let backend = Backend::always(Step::ok(7));
    let service = BulkheadLayer::of(bulkhead).layer(backend.clone());
    let _inside = bulkhead.try_enter().unwrap();
    let (answer, took) = timed(deadline::scope(SECOND, service.oneshot(1))).await;
    assert_eq!((kind(&answer), took), (Some(Kind::DeadlineExceeded), SECOND));
    assert_eq!((bulkhead.waiting(), backend.calls()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_tokens_that_would_be_in_vain_is_not_begun() {
    let limiter = RateLimiter::builder(Rate::per_minute(1)).max_wait(90 * SECOND).register(name("deadline"));
    let limiter = limiter.unwrap();
    let service = RateLimitLayer::of(limiter).layer(Backend::always(Step::ok(7)));
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    let (answer, took) = timed(deadline::scope(SECOND, service.clone().oneshot(1))).await;
    assert_eq!((kind(&answer), took), (Some(Kind::RateLimited), Duration::ZERO));
    let (answer, took) = timed(deadline::scope(80 * SECOND, service.oneshot(1))).await;
    assert_eq!((answer, took), (Ok(7), 60 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_anothers_load_ends_with_the_deadline() {
    let cache = Cache::builder().ttl(60 * SECOND).register(name("deadline")).unwrap();
    let backend = Backend::always(Step::hang());
    let service = CachedLayer::of(cache).key(|request: &u64| Some(*request)).layer(backend.clone());
    let loads = tokio::spawn(service.clone().oneshot(1));
    tokio::task::yield_now().await;
    let (answer, took) = timed(deadline::scope(SECOND, service.oneshot(1))).await;
    assert_eq!((kind(&answer), took), (Some(Kind::DeadlineExceeded), SECOND));
    assert_eq!(backend.calls(), 1);
    loads.abort();
}
