//! Layers with a key: one limit and one breaker for each.

use mainstay::{
    Kind, circuit_breaker,
    circuit_breaker::{CircuitBreaker, KeyedCircuitBreaker, State},
    clock::now,
    rate_limit::{KeyedRateLimiter, Rate, RateLimiter},
    tower::{KeyedCircuitBreakerLayer, KeyedRateLimitLayer},
};
use mainstay_testkit::{Script, Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, is_ready, kind, name};

fn breakers() -> &'static KeyedCircuitBreaker {
    let breaker = CircuitBreaker::builder().failure_threshold(1).success_threshold(1).timeout(SECOND);
    breaker.register_keyed(name("breakers")).unwrap()
}

fn limiter() -> &'static KeyedRateLimiter {
    let limit = RateLimiter::builder(Rate::per_second(1)).max_wait(5 * SECOND);
    limit.register_keyed(name("limits")).unwrap()
}

/// Requests below 100 have a key: their last digit.
fn digit(request: &u64) -> Option<u64> {
    (*request < 100).then_some(*request % 10)
}

#[tokio::test(start_paused = true)]
async fn the_breaker_of_one_key_opens_and_the_others_stay_closed() {
    let breakers = breakers();
    let backend = Backend::new(Script::steps().fail(Failure::Down).forever(Step::ok(7)));
    let service = KeyedCircuitBreakerLayer::of(breakers).key(digit).layer(backend.clone());
    let call = |request| service.clone().oneshot(request);
    assert_eq!(call(1).await, Err(Failure::Down));
    assert_eq!(kind(&call(11).await), Some(Kind::CircuitOpen));
    assert_eq!((call(2).await, call(101).await), (Ok(7), Ok(7)));
    assert_eq!([breakers.get(&1_u64).state(), breakers.get(&2_u64).state()], [State::Open, State::Closed]);
    tokio::time::advance(SECOND).await;
    assert_eq!((call(1).await, breakers.get(&1_u64).state()), (Ok(7), State::Closed));
    assert_eq!((backend.requests(), breakers.len()), (vec![1, 2, 101, 1], 2));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_dropped_gives_its_place_back() {
    let breakers = breakers();
    let script = Script::steps().fail(Failure::Down).step(Step::hang()).forever(Step::ok(7));
    let service = KeyedCircuitBreakerLayer::of(breakers).key(digit).layer(Backend::new(script));
    assert!(service.clone().oneshot(1).await.is_err());
    tokio::time::advance(SECOND).await;
    let mut probe = Stepper::new(service.clone().oneshot(1));
    assert!(probe.poll().is_pending());
    assert_eq!(kind(&service.clone().oneshot(1).await), Some(Kind::CircuitOpen));
    drop(probe);
    assert_eq!((service.oneshot(1).await, breakers.get(&1_u64).state()), (Ok(7), State::Closed));
    assert_eq!((breakers.ignored_count(), breakers.failure_count(), breakers.success_count()), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_forgotten_meanwhile_is_settled_all_the_same() {
    let breakers = breakers();
    let backend = Backend::always(Step::delay(SECOND, Step::ok(7)));
    let service = KeyedCircuitBreakerLayer::of(breakers).key(digit).layer(backend.clone());
    let call = tokio::spawn(service.oneshot(1));
    while backend.inside() == 0 {
        tokio::task::yield_now().await;
    }
    let breaker = breakers.get(&1_u64);
    assert!(breakers.remove(&1_u64) && breakers.is_empty());
    assert_eq!((call.await.unwrap(), breaker.success_count()), (Ok(7), 1));
}

#[tokio::test]
async fn a_closure_says_what_answers_are_failures_whichever_comes_first() {
    let breakers = breakers();
    let layer = KeyedCircuitBreakerLayer::of(breakers)
        .class_by(|answer: &Answer| (*answer == Ok(503)).then_some(mainstay::Class::Transient))
        .key(digit);
    assert_eq!(layer.layer(Backend::always(Step::ok(503))).oneshot(1).await, Ok(503));
    let layer = KeyedCircuitBreakerLayer::of(breakers).key(digit).every_error();
    assert!(layer.layer(Backend::always(Step::fail(Failure::Wrong))).oneshot(2).await.is_err());
    assert_eq!(breakers.failure_count(), 2);
}

#[circuit_breaker("tower.keyed.attribute", key = host, failure_threshold = 1)]
async fn annotated(host: u64, answer: Answer) -> Answer {
    answer
}

#[tokio::test]
async fn attribute_and_layer_of_one_name_have_the_same_breakers() {
    assert!(annotated(3, Err(Failure::Down)).await.is_err());
    let layer = KeyedCircuitBreakerLayer::named("tower.keyed.attribute").unwrap().key(digit);
    let service = layer.layer(Backend::always(Step::ok(7)));
    assert_eq!(kind(&service.clone().oneshot(3).await), Some(Kind::CircuitOpen));
    assert_eq!(service.oneshot(4).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn each_key_has_its_own_tokens_and_its_own_queue() {
    let limiter = limiter();
    let backend = Backend::always(Step::ok(7));
    let service = KeyedRateLimitLayer::of(limiter).key(digit).layer(backend.clone());
    let start = now();
    let call = |request| service.clone().oneshot(request);
    assert_eq!((call(1).await, call(2).await, call(101).await), (Ok(7), Ok(7), Ok(7)));
    assert_eq!(now(), start);
    // The second of one key waits, with a service that was ready.
    let mut service = service.clone();
    let waiting = service.ready().await.unwrap().call(1);
    backend.hold_back();
    assert!(!is_ready(&mut service));
    assert_eq!(waiting.await, Ok(7));
    assert!(now().saturating_since(start) >= SECOND);
    assert_eq!((limiter.admitted_count(), backend.requests()), (3, vec![1, 2, 101, 1]));
}

#[tokio::test(start_paused = true)]
async fn who_is_dropped_while_waiting_takes_nothing() {
    let limiter = limiter();
    let service = KeyedRateLimitLayer::of(limiter).key(digit).layer(Backend::always(Step::ok(7)));
    assert!(service.clone().oneshot(1).await.is_ok());
    let mut waiting = Stepper::new(service.clone().oneshot(1));
    assert!(waiting.poll().is_pending());
    drop(waiting);
    tokio::time::advance(SECOND).await;
    let start = now();
    assert!(service.oneshot(1).await.is_ok());
    assert_eq!((now(), limiter.admitted_count()), (start, 2));
}

#[tokio::test]
async fn a_request_says_how_many_tokens_it_takes_of_its_key() {
    let limiter = RateLimiter::builder(Rate::per_hour(10)).burst(10).register_keyed(name("limits")).unwrap();
    let layer =
        KeyedRateLimitLayer::of(limiter).tokens(|request: &u64| *request as f64).key(|_: &u64| Some("all"));
    let service = layer.layer(Backend::always(Step::ok(7)));
    assert_eq!(service.clone().oneshot(10).await, Ok(7));
    assert_eq!(kind(&service.clone().oneshot(5).await), Some(Kind::RateLimited));
    assert_eq!(kind(&service.oneshot(11).await), Some(Kind::ExceedsBurst));
}
