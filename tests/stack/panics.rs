//! A panic anywhere in a stack unwinds to the caller, counts as a failure, and leaves nothing behind.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use mainstay::{bulkhead, circuit_breaker, clock, fallback, rate_limit, retry, timeout};
use mainstay_testkit::ManualClock;

use crate::support::*;

#[derive(Clone, Copy, PartialEq)]
enum At {
    Nowhere,
    Body,
    BodyLater,
    Hook,
    HookLater,
    Predicate,
    Fallback,
    Limit,
    Tokens,
    Key,
}

fn trip(here: At, at: At) {
    assert!(here != at, "tripped");
}

#[fallback(|_| { trip(At::Fallback, at); Ok(0) })]
#[retry(
    max_attempts = 2,
    initial_delay = "1ms",
    retry_if = |_| { trip(At::Predicate, at); true },
    before_retry = async |_| {
        trip(At::Hook, at);
        clock::sleep(ms(1)).await;
        trip(At::HookLater, at);
    }
)]
#[circuit_breaker("panics.full", failure_threshold = 1000)]
#[rate_limit("panics.full", "1000/s", max_wait = "1s", tokens = { trip(At::Tokens, at); 1 })]
#[bulkhead("panics.full", 1, max_wait = "1s")]
#[timeout({ trip(At::Limit, at); secs(1) })]
async fn full(at: At) -> Answer {
    trip(At::Body, at);
    tokio::task::yield_now().await;
    trip(At::BodyLater, at);
    Err(Failure::Reset)
}

#[tokio::test(start_paused = true)]
async fn a_panic_at_any_point_of_a_full_stack_gives_everything_back() {
    let points = [
        At::Body,
        At::BodyLater,
        At::Hook,
        At::HookLater,
        At::Predicate,
        At::Fallback,
        At::Limit,
        At::Tokens,
    ];
    for at in points {
        assert!(tokio::spawn(full(at)).await.unwrap_err().is_panic());
        assert_eq!((bulkhead("panics.full").in_flight(), bulkhead("panics.full").waiting()), (0, 0));
        assert_eq!(limiter("panics.full").waiting(), 0);
        assert_eq!(full(At::Nowhere).await, Ok(0), "the next call works");
    }
}

#[circuit_breaker("panics.counted", failure_threshold = 2, success_threshold = 1, timeout = "1s")]
#[bulkhead("panics.counted", 1)]
async fn counted(at: At) -> Answer {
    trip(At::Body, at);
    Ok(7)
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_body_is_a_failure_to_a_breaker_also_of_a_probe() {
    for _ in 0..2 {
        assert!(tokio::spawn(counted(At::Body)).await.unwrap_err().is_panic());
    }
    assert_eq!(breaker("panics.counted").state().to_string(), "open");
    tokio::time::sleep(secs(1)).await;
    assert!(tokio::spawn(counted(At::Body)).await.unwrap_err().is_panic());
    assert_eq!(breaker("panics.counted").state().to_string(), "open");
    tokio::time::sleep(secs(1)).await;
    assert_eq!(counted(At::Nowhere).await, Ok(7));
    assert_eq!(breaker("panics.counted").state().to_string(), "closed");
}

#[fallback(|_| { trip(At::Fallback, at); Ok(0) })]
#[retry(
    max_attempts = 2,
    initial_delay = "1ms",
    retry_if = |_| { trip(At::Predicate, at); true },
    before_retry = |_| trip(At::Hook, at)
)]
#[circuit_breaker("panics.sync", failure_threshold = 1000, key = { trip(At::Key, at); 1 })]
#[bulkhead("panics.sync", 1)]
fn sync(at: At) -> Answer {
    trip(At::Body, at);
    Err(Failure::Reset)
}

#[test]
fn a_panic_at_any_point_of_a_sync_stack_gives_everything_back() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for at in [At::Body, At::Hook, At::Predicate, At::Fallback, At::Key] {
        assert!(catch_unwind(AssertUnwindSafe(|| sync(at))).is_err());
        assert_eq!(bulkhead("panics.sync").in_flight(), 0);
        assert_eq!(sync(At::Nowhere), Ok(0));
    }
}

#[retry(initial_delay = "1ms")]
async fn not_tried_again(calls: &std::cell::Cell<u32>, wait: Duration) -> Answer {
    calls.set(calls.get() + 1);
    clock::sleep(wait).await;
    panic!("once");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_not_tried_again() {
    let local = tokio::task::LocalSet::new();
    let calls = std::rc::Rc::new(std::cell::Cell::new(0));
    let seen = std::rc::Rc::clone(&calls);
    let task = local.run_until(async move {
        tokio::task::spawn_local(async move { not_tried_again(&seen, ms(1)).await }).await
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(calls.get(), 1);
}
