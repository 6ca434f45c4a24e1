use mainstay::{
    Kind,
    clock::now,
    rate_limit::{Rate, RateLimiter},
    tower::RateLimitLayer,
};
use mainstay_testkit::{Step, Stepper};
use tower::{Layer, Service, ServiceExt};

use crate::support::{Backend, SECOND, is_ready, kind, name};

fn one_a_second() -> &'static RateLimiter {
    RateLimiter::builder(Rate::per_second(1)).register(name("rate")).unwrap()
}

fn patient() -> &'static RateLimiter {
    RateLimiter::builder(Rate::per_second(1)).max_wait(5 * SECOND).register(name("rate")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_token_when_it_is_made_and_a_ready_service_none() {
    let limiter = one_a_second();
    let backend = Backend::always(Step::ok(7));
    let mut service = RateLimitLayer::of(limiter).layer(backend.clone());
    assert!(is_ready(&mut service));
    drop(service.clone());
    assert_eq!(service.call(1).await, Ok(7));
    assert_eq!(kind(&service.ready().await.unwrap().call(2).await), Some(Kind::RateLimited));
    assert_eq!((limiter.admitted_count(), limiter.rejected_count(), backend.calls()), (1, 1, 1));
    tokio::time::advance(SECOND).await;
    assert_eq!(service.ready().await.unwrap().call(3).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn calls_wait_in_their_order_with_a_service_that_was_ready() {
    let backend = Backend::always(Step::ok(7));
    let mut service = RateLimitLayer::of(patient()).layer(backend.clone());
    let start = now();
    let mut calls: Vec<_> = Vec::new();
    for n in 0..3 {
        calls.push(Stepper::new(service.ready().await.unwrap().call(n)));
        let _ = calls[n as usize].poll();
    }
    // Those who wait have taken along what was ready; a service that is held back does not hurt them.
    backend.hold_back();
    assert!(!is_ready(&mut service));
    for (n, call) in calls.iter_mut().enumerate().skip(1) {
        mainstay::clock::sleep_until(start + SECOND * n as u32).await;
        while call.poll().is_pending() {
            mainstay::clock::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
    assert_eq!(backend.requests(), [0, 1, 2]);
    assert!(now().saturating_since(start) < SECOND * 2 + SECOND / 10);
}

#[tokio::test(start_paused = true)]
async fn who_is_dropped_while_waiting_leaves_the_queue_and_takes_nothing() {
    let limiter = patient();
    let backend = Backend::always(Step::ok(7));
    let service = RateLimitLayer::of(limiter).layer(backend.clone());
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    let mut waiting = Stepper::new(service.clone().oneshot(2));
    assert!(waiting.poll().is_pending());
    assert_eq!(limiter.waiting(), 1);
    drop(waiting);
    assert_eq!(limiter.waiting(), 0);
    tokio::time::advance(SECOND).await;
    assert_eq!(service.oneshot(3).await, Ok(7));
    assert_eq!((limiter.admitted_count(), backend.requests()), (2, vec![1, 3]));
}

#[tokio::test(start_paused = true)]
async fn a_request_says_how_many_tokens_it_takes() {
    let limiter = RateLimiter::builder(Rate::per_second(10)).burst(10).register(name("rate")).unwrap();
    let layer = RateLimitLayer::of(limiter).tokens(|request: &u64| *request as f64);
    let service = layer.layer(Backend::always(Step::ok(7)));
    assert_eq!(service.clone().oneshot(9).await, Ok(7));
    assert_eq!(kind(&service.clone().oneshot(2).await), Some(Kind::RateLimited));
    assert_eq!(service.clone().oneshot(1).await, Ok(7));
    assert_eq!(kind(&service.oneshot(11).await), Some(Kind::ExceedsBurst));
}
