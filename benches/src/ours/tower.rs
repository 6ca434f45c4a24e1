//! Policies as layers of tower, around the same services as those of the peers.

use std::time::Duration;

use ::tower::{Service, ServiceBuilder, ServiceExt, service_fn};
use mainstay::{
    bulkhead::Bulkhead,
    circuit_breaker::CircuitBreaker,
    rate_limit::{Rate, RateLimiter},
    retry::Retry,
    timeout::Timeout,
    tower::{BulkheadLayer, CircuitBreakerLayer, RateLimitLayer, RetryLayer, TimeoutLayer},
};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, soon, work_async, work_later},
};

const LIMIT: Duration = Duration::from_secs(10);

async fn call<S: Service<u64, Response = u64, Error = Error>>(service: &mut S, n: u64) -> Result<u64, Error> {
    service.ready().await?.call(n).await
}

fn row<S>(service: S) -> Row
where
    S: Service<u64, Response = u64, Error = Error> + Clone + Send + Sync + 'static,
{
    Row::per_thread(WHO, move |_| {
        let mut service = service.clone();
        move || soon(call(&mut service, 1))
    })
}

fn breaker() -> CircuitBreakerLayer {
    let builder = CircuitBreaker::builder().failure_threshold(5);
    CircuitBreakerLayer::new("layer", builder).expect("a sound configuration")
}

fn rate() -> RateLimitLayer {
    let builder = RateLimiter::builder(Rate::per_second(1_000_000_000));
    RateLimitLayer::new("layer", builder).expect("a sound configuration")
}

fn places() -> BulkheadLayer {
    BulkheadLayer::new("layer", Bulkhead::builder(10)).expect("a sound configuration")
}

fn time_limit() -> TimeoutLayer {
    TimeoutLayer::new("layer", Timeout::builder(LIMIT)).expect("a sound configuration")
}

fn retries() -> RetryLayer {
    RetryLayer::new("layer", Retry::builder().max_attempts(3)).expect("a sound configuration")
}

pub fn closed() -> Row {
    row(ServiceBuilder::new().layer(breaker().every_error()).service(service_fn(work_async)))
}

pub fn first_try() -> Row {
    row(ServiceBuilder::new().layer(retries().every_error()).service(service_fn(work_async)))
}

pub fn at_once() -> Row {
    row(ServiceBuilder::new().layer(time_limit()).service(service_fn(work_async)))
}

pub fn pending_once() -> Row {
    let service = ServiceBuilder::new().layer(time_limit()).service(service_fn(work_later));
    Row::awaited(WHO, move || service.clone().oneshot(1))
}

pub fn admitted() -> Row {
    row(ServiceBuilder::new().layer(rate()).service(service_fn(work_async)))
}

pub fn bulkhead() -> Row {
    row(ServiceBuilder::new().layer(places()).service(service_fn(work_async)))
}

pub fn five() -> Row {
    row(ServiceBuilder::new()
        .layer(retries().every_error())
        .layer(breaker().every_error())
        .layer(rate())
        .layer(places())
        .layer(time_limit())
        .service(service_fn(work_async)))
}
