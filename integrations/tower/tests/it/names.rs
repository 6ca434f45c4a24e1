use mainstay::{
    bulkhead::Bulkhead, circuit_breaker, circuit_breaker::CircuitBreaker, policies, rate_limit::Rate,
    rate_limit::RateLimiter, retry::Retry, timeout::Timeout, tower::*,
};
use mainstay_testkit::Step;
use tower::{Layer, ServiceExt};

use crate::support::{Answer, Backend, Failure, SECOND, kind, name};

#[circuit_breaker("tower.names.attribute", failure_threshold = 2)]
async fn annotated(answer: Answer) -> Answer {
    answer
}

#[tokio::test]
async fn attribute_and_layer_of_one_name_are_one_breaker() {
    let layer = CircuitBreakerLayer::named("tower.names.attribute").unwrap();
    let service = layer.layer(Backend::always(Step::fail(Failure::Down)));
    // One failure by each.
    assert_eq!(annotated(Err(Failure::Down)).await, Err(Failure::Down));
    assert_eq!(service.clone().oneshot(1).await, Err(Failure::Down));
    assert_eq!(kind(&annotated(Ok(1)).await), Some(mainstay::Kind::CircuitOpen));
    assert_eq!(kind(&service.oneshot(1).await), Some(mainstay::Kind::CircuitOpen));
    let breaker = policies().circuit_breaker("tower.names.attribute").unwrap();
    assert_eq!(breaker.rejected_count(), 2);
}

#[test]
fn a_builder_gives_the_one_of_that_name_and_makes_it_if_there_is_none() {
    let builder = CircuitBreaker::builder().failure_threshold(7);
    let name = name("builder");
    assert!(CircuitBreakerLayer::named(&name).is_err());
    let layer = CircuitBreakerLayer::new(name.clone(), builder).unwrap();
    let again = CircuitBreakerLayer::new(name.clone(), builder).unwrap();
    assert_eq!(format!("{layer:?}"), format!("{again:?}"));
    let registered = builder.register(name.clone()).unwrap();
    registered.force_open();
    let mut service = again.layer(Backend::always(Step::ok(1)));
    let call = tower::Service::call(&mut service, 1);
    assert!(matches!(mainstay_testkit::poll_once(&mut std::pin::pin!(call)), std::task::Poll::Ready(Err(_))));
    assert!(CircuitBreakerLayer::named(&name).is_ok());
    assert_eq!(registered.rejected_count(), 1);
}

#[test]
fn each_kind_is_found_by_its_name() {
    let name = name("kinds");
    assert!(RetryLayer::new(name.clone(), Retry::builder()).is_ok());
    assert!(TimeoutLayer::new(name.clone(), Timeout::builder(SECOND)).is_ok());
    assert!(BulkheadLayer::new(name.clone(), Bulkhead::builder(1)).is_ok());
    assert!(RateLimitLayer::new(name.clone(), RateLimiter::builder(Rate::per_second(1))).is_ok());
    assert!(MeteredLayer::new(name.clone(), mainstay::metered::Metered::builder()).is_ok());
    assert!(CachedLayer::new(name.clone(), mainstay::cached::Cache::builder().ttl(60 * SECOND)).is_ok());
    assert!(HedgeLayer::new(name.clone(), mainstay::hedge::Hedge::builder().after(SECOND)).is_ok());
    assert!(
        AdaptiveLimitLayer::new(name.clone(), mainstay::adaptive_limit::AdaptiveLimit::builder()).is_ok()
    );
    assert!(ThrottleLayer::new(name.clone(), mainstay::throttle::Throttle::builder()).is_ok());
    assert!(ChaosLayer::new(name.clone(), mainstay::chaos::Chaos::builder()).is_ok());
    assert!(KeyedRateLimitLayer::new(name.clone(), RateLimiter::builder(Rate::per_second(1))).is_ok());
    assert!(KeyedCircuitBreakerLayer::new(name.clone(), CircuitBreaker::builder()).is_ok());
    assert!(RetryLayer::named(&name).is_ok());
    assert!(TimeoutLayer::named(&name).is_ok());
    assert!(BulkheadLayer::named(&name).is_ok());
    assert!(RateLimitLayer::named(&name).is_ok());
    assert!(MeteredLayer::named(&name).is_ok());
    assert!(CachedLayer::named(&name).is_ok());
    assert!(HedgeLayer::named(&name).is_ok());
    assert!(AdaptiveLimitLayer::named(&name).is_ok());
    assert!(ThrottleLayer::named(&name).is_ok());
    assert!(ChaosLayer::named(&name).is_ok());
    assert!(KeyedRateLimitLayer::named(&name).is_ok());
    assert!(KeyedCircuitBreakerLayer::named(&name).is_ok());
}

#[test]
fn a_name_that_nothing_bears_is_an_error_that_tells_the_names_there_are() {
    let known = name("known");
    assert!(BulkheadLayer::new(known.clone(), Bulkhead::builder(1)).is_ok());
    let error = BulkheadLayer::named("tower.nobody").unwrap_err();
    let text = error.to_string();
    assert_eq!(error.name(), "tower.nobody");
    assert!(text.starts_with("no bulkhead is called `tower.nobody`: ") && text.contains(&known), "{text}");
    assert!(text.ends_with("make it with `new` and a builder") && format!("{error:?}") == text, "{text}");
}

#[test]
fn a_wrong_configuration_is_refused_when_the_layer_is_made() {
    assert_eq!(BulkheadLayer::new(name("wrong"), Bulkhead::builder(0)).unwrap_err().option(), "limit");
}
