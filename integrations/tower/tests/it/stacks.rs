use mainstay::{
    Kind,
    bulkhead::Bulkhead,
    circuit_breaker::CircuitBreaker,
    rate_limit::{Rate, RateLimiter},
    retry::{Jitter, Retry},
    timeout::Timeout,
    tower::*,
};
use mainstay_testkit::{Script, Step};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, buffer::Buffer};

use crate::support::{Backend, Failure, SECOND, kind, name};

fn five(backend: Backend) -> impl Service<u64, Response = u64, Error = Failure, Future: Send> + Clone + Send {
    let name = name("five");
    ServiceBuilder::new()
        .layer(
            RetryLayer::new(
                name.clone(),
                Retry::builder().max_attempts(3).initial_delay(SECOND).jitter(Jitter::None),
            )
            .unwrap(),
        )
        .layer(
            CircuitBreakerLayer::new(name.clone(), CircuitBreaker::builder().failure_threshold(10)).unwrap(),
        )
        .layer(
            RateLimitLayer::new(name.clone(), RateLimiter::builder(Rate::per_second(100)).max_wait(SECOND))
                .unwrap(),
        )
        .layer(BulkheadLayer::new(name.clone(), Bulkhead::builder(2).max_queue(100)).unwrap())
        .layer(TimeoutLayer::new(name, Timeout::builder(2 * SECOND)).unwrap())
        .service(backend)
}

#[tokio::test(start_paused = true)]
async fn five_layers_work_as_they_are_written() {
    // Too slow, then down, then good.
    let backend = Backend::new(Script::steps().step(Step::hang()).fail(Failure::Down).ok(7).end());
    assert_eq!(five(backend.clone()).oneshot(3).await, Ok(7));
    assert_eq!((backend.requests(), backend.inside()), (vec![3, 3, 3], 0));
}

#[tokio::test(start_paused = true)]
async fn many_tasks_share_one_stack() {
    let backend = Backend::always(Step::delay(SECOND / 100, Step::ok(7)));
    let service = five(backend.clone());
    let calls: Vec<_> = (0..50).map(|n| tokio::spawn(service.clone().oneshot(n))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(7));
    }
    assert_eq!((backend.calls(), backend.most_inside()), (50, 2));
}

#[tokio::test(start_paused = true)]
async fn layers_stand_among_towers_own() {
    let backend = Backend::always(Step::ok(7));
    let breaker = CircuitBreaker::builder().failure_threshold(1).register(name("among")).unwrap();
    let service = ServiceBuilder::new()
        .layer(CircuitBreakerLayer::of(breaker))
        .map_err(|error: BoxError| error)
        .concurrency_limit(4)
        .map_err(BoxError::from)
        .map_request(|text: &str| text.len() as u64)
        .service(backend.clone().map_err(|failure| std::io::Error::other(format!("{failure:?}"))));
    assert_eq!(service.clone().oneshot("three").await.unwrap(), 7);
    breaker.force_open();
    let refused = service.oneshot("three").await.unwrap_err();
    assert_eq!(refused.downcast_ref::<mainstay::Error>().unwrap().kind(), Kind::CircuitOpen);
    assert_eq!(backend.requests(), [5]);
}

#[tokio::test(start_paused = true)]
async fn a_buffer_gives_one_service_to_many_who_cannot_clone_it() {
    let backend = Backend::always(Step::ok(7));
    let bulkhead = Bulkhead::builder(1).max_queue(10).register(name("buffered")).unwrap();
    let service = tower::Layer::layer(&BulkheadLayer::of(bulkhead), backend);
    let buffered = Buffer::new(service.map_err(|failure| BoxError::from(format!("{failure:?}"))), 16);
    let calls: Vec<_> = (0..20).map(|n| tokio::spawn(buffered.clone().oneshot(n))).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 7);
    }
    // The buffer asks for the next request only: nothing is reserved while there is none.
    assert_eq!(bulkhead.in_flight(), 0);
}

#[tokio::test]
async fn a_service_that_says_it_is_broken_is_believed() {
    struct Broken;
    impl Service<u64> for Broken {
        type Response = u64;
        type Error = Failure;
        type Future = std::future::Ready<Result<u64, Failure>>;
        fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Failure>> {
            std::task::Poll::Ready(Err(Failure::Wrong))
        }
        fn call(&mut self, _: u64) -> Self::Future {
            panic!("called although it is broken")
        }
    }
    let bulkhead = Bulkhead::builder(1).register(name("broken")).unwrap();
    let service = tower::Layer::layer(&BulkheadLayer::of(bulkhead), Broken);
    assert_eq!(service.oneshot(1).await, Err(Failure::Wrong));
    assert_eq!((bulkhead.in_flight(), kind(&Err(Failure::Wrong))), (0, None));
}
