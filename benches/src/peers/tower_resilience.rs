//! Layers for tower, after resilience4j; async only. Every layer boxes its future.
//!
//! Its breaker over a window of time keeps every call of the window and walks over them: what a call costs depends on
//! how long one has measured (139 µs here after some seconds), hence no row.

use std::time::Duration;

use ::tower::{Service, ServiceBuilder, ServiceExt, service_fn};
use ::tower_resilience::{
    adaptive::{AdaptiveError, AdaptiveLimiterLayer, Aimd},
    bulkhead::{BulkheadLayer, BulkheadServiceError},
    circuitbreaker::{CircuitBreakerError, CircuitBreakerLayer},
    ratelimiter::{RateLimiterLayer, RateLimiterServiceError},
    retry::RetryLayer,
    timelimiter::{TimeLimiterError, TimeLimiterLayer},
};

use crate::{
    row::Row,
    work::{Error, now, soon, until_it_waits, work_async, work_later},
};

const WHO: &str = "tower-resilience";
const LIMIT: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_secs(86_400);

impl<E: Into<Error>> From<CircuitBreakerError<E>> for Error {
    fn from(error: CircuitBreakerError<E>) -> Self {
        match error {
            CircuitBreakerError::Inner(error) => error.into(),
            CircuitBreakerError::OpenCircuit => Self(2),
        }
    }
}

impl<E: Into<Error>> From<RateLimiterServiceError<E>> for Error {
    fn from(error: RateLimiterServiceError<E>) -> Self {
        match error {
            RateLimiterServiceError::Inner(error) => error.into(),
            RateLimiterServiceError::RateLimited => Self(3),
        }
    }
}

impl<E: Into<Error>> From<BulkheadServiceError<E>> for Error {
    fn from(error: BulkheadServiceError<E>) -> Self {
        match error {
            BulkheadServiceError::Inner(error) => error.into(),
            BulkheadServiceError::Bulkhead(_) => Self(4),
        }
    }
}

impl<E: Into<Error>> From<TimeLimiterError<E>> for Error {
    fn from(error: TimeLimiterError<E>) -> Self {
        match error {
            TimeLimiterError::Inner(error) => error.into(),
            TimeLimiterError::Timeout => Self(5),
        }
    }
}

impl<E: Into<Error>> From<AdaptiveError<E>> for Error {
    fn from(error: AdaptiveError<E>) -> Self {
        match error {
            AdaptiveError::Service(error) => error.into(),
            AdaptiveError::LimitReached => Self(6),
        }
    }
}

async fn call<S: Service<u64, Response = u64, Error: Into<Error>>>(
    service: &mut S,
    n: u64,
) -> Result<u64, Error> {
    service.ready().await.map_err(Into::into)?.call(n).await.map_err(Into::into)
}

fn row<S>(service: S) -> Row
where
    S: Service<u64, Response = u64, Error: Into<Error>> + Clone + Send + Sync + 'static,
{
    Row::per_thread(WHO, move |_| {
        let mut service = service.clone();
        move || soon(call(&mut service, 1))
    })
}

fn time_limit() -> TimeLimiterLayer<::tower_resilience::timelimiter::FixedTimeout> {
    TimeLimiterLayer::builder().timeout_duration(LIMIT).build()
}

fn places() -> BulkheadLayer {
    BulkheadLayer::builder()
        .max_concurrent_calls(10)
        .reject_when_full()
        .build()
        .expect("a sound configuration")
}

fn rate(limit: usize, period: Duration) -> RateLimiterLayer {
    let layer = RateLimiterLayer::builder().limit_for_period(limit).refresh_period(period);
    layer.timeout_duration(Duration::ZERO).build().expect("a sound configuration")
}

fn consecutive(failures: usize) -> CircuitBreakerLayer {
    let layer = CircuitBreakerLayer::builder().consecutive_failures(failures).wait_duration_in_open(DAY);
    layer.build().expect("a sound configuration")
}

fn retries() -> RetryLayer<u64, u64, Error> {
    RetryLayer::builder().max_attempts(3).exponential_backoff(Duration::from_secs(1)).build()
}

pub fn closed() -> Row {
    row(ServiceBuilder::new().layer(consecutive(5)).service(service_fn(work_async)))
}

pub fn window_of_calls() -> Row {
    let layer = CircuitBreakerLayer::builder().failure_rate_threshold(0.5).sliding_window_size(100);
    let layer = layer.build().expect("a sound configuration");
    row(ServiceBuilder::new().layer(layer).service(service_fn(work_async)))
}

pub fn open() -> Row {
    let mut service = ServiceBuilder::new().layer(consecutive(1)).service(service_fn(work_async));
    assert_eq!(now(call(&mut service, 0)), Err(Error(1)));
    assert_eq!(now(call(&mut service, 1)), Err(Error(2)));
    row(service)
}

pub fn first_try() -> Row {
    row(ServiceBuilder::new().layer(retries()).service(service_fn(work_async)))
}

pub fn one_failure() -> Row {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let layer =
        RetryLayer::<u64, u64, Error>::builder().max_attempts(3).fixed_backoff(Duration::ZERO).build();
    let service = ServiceBuilder::new()
        .layer(layer)
        .service(service_fn(|_: u64| work_later(CALLS.fetch_add(1, Relaxed) % 2)));
    Row::awaited(WHO, move || service.clone().oneshot(1))
}

pub fn until_the_wait() -> Row {
    let service = ServiceBuilder::new().layer(retries()).service(service_fn(work_async));
    Row::per_thread(WHO, move |_| {
        let mut service = service.clone();
        move || until_it_waits(call(&mut service, 0))
    })
}

pub fn at_once() -> Row {
    row(ServiceBuilder::new().layer(time_limit()).service(service_fn(work_async)))
}

pub fn pending_once() -> Row {
    let service = ServiceBuilder::new().layer(time_limit()).service(service_fn(work_later));
    Row::awaited_among_timers(WHO, move || service.clone().oneshot(1))
}

pub fn pending_once_alone() -> Row {
    let service = ServiceBuilder::new().layer(time_limit()).service(service_fn(work_later));
    Row::awaited(WHO, move || service.clone().oneshot(1))
}

pub fn admitted() -> Row {
    let layer = rate(1_000_000_000, Duration::from_secs(1));
    row(ServiceBuilder::new().layer(layer).service(service_fn(work_async)))
}

pub fn refused() -> Row {
    let mut service = ServiceBuilder::new().layer(rate(1, DAY)).service(service_fn(work_async));
    assert_eq!(now(call(&mut service, 1)), Ok(1));
    assert_eq!(now(call(&mut service, 1)), Err(Error(3)));
    row(service)
}

pub fn bulkhead() -> Row {
    row(ServiceBuilder::new().layer(places()).service(service_fn(work_async)))
}

/// Calls beyond the limit wait.
pub fn adaptive() -> Row {
    let algorithm = Aimd::builder().initial_limit(20).latency_threshold(Duration::from_millis(100)).build();
    let layer = AdaptiveLimiterLayer::new(algorithm.expect("a sound configuration"));
    row(ServiceBuilder::new().layer(layer).service(service_fn(work_async)))
}

pub fn three() -> Row {
    let inner = ServiceBuilder::new().layer(places()).layer(time_limit()).service(service_fn(work_async));
    row(ServiceBuilder::new().layer(retries()).map_err(Error::from).service(inner))
}

pub fn five() -> Row {
    let inner = ServiceBuilder::new()
        .layer(consecutive(5))
        .layer(rate(1_000_000_000, Duration::from_secs(1)))
        .layer(places())
        .layer(time_limit())
        .service(service_fn(work_async));
    row(ServiceBuilder::new().layer(retries()).map_err(Error::from).service(inner))
}
