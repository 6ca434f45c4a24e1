//! Calls that wait, inside a runtime.

use std::{
    cell::Cell,
    future::poll_fn,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use allocation_counter::measure;
use mainstay::{clock, hedge, retry, timeout};

use crate::support::*;

#[timeout("1s")]
async fn pending() -> Answer {
    std::future::pending().await
}

#[timeout("1s")]
async fn sleeps() -> Answer {
    clock::sleep(Duration::from_millis(5)).await;
    Ok(1)
}

#[retry(initial_delay = "5ms", jitter = none)]
async fn fails_once(fails: &Cell<bool>) -> Answer {
    if fails.take() { Err(Failure::Reset) } else { Ok(1) }
}

#[hedge(after = "1s", safe)]
async fn sleeps_unhedged() -> Answer {
    clock::sleep(Duration::from_millis(5)).await;
    Ok(1)
}

/// How many allocations it takes to run `call` when others like it have been.
async fn when_warm<F: Future>(mut call: impl FnMut() -> F) -> u64 {
    call().await;
    let mut call = pin!(call());
    let mut allocations = 0;
    poll_fn(|cx| {
        let mut poll = Poll::Pending;
        allocations += measure(|| poll = call.as_mut().poll(cx).map(drop)).count_total;
        poll
    })
    .await;
    allocations
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_under_a_limit_and_is_ready_in_time_allocates_nothing() {
    assert_eq!(when_warm(sleeps).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_and_needs_no_hedge_allocates_nothing() {
    assert_eq!(when_warm(sleeps_unhedged).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_second_attempt_after_a_wait_allocates_nothing() {
    let fails = Cell::new(true);
    let call = || {
        fails.set(true);
        fails_once(&fails)
    };
    assert_eq!(when_warm(call).await, 0);
    assert!(!fails.get());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_under_a_limit_allocates_nothing() {
    let _ = sleeps().await;
    let info = measure(|| {
        let mut call = pin!(pending());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    });
    assert_eq!(info.count_total, 0);
}
