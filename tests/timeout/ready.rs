//! A call that is ready at once pays nothing: no runtime, no clock, no timer.

use std::{cell::Cell, future::pending, task::Poll};

use mainstay::{clock, timeout};
use mainstay_testkit::{ManualClock, Stepper, poll_once};

use crate::support::*;

#[timeout("1s")]
async fn at_once(x: u32) -> Answer {
    Ok(x)
}

#[timeout("ready.two_polls", "1s")]
async fn two_polls(started: &Cell<bool>) -> Answer {
    started.set(true);
    tokio::task::yield_now().await;
    pending().await
}

#[test]
fn a_body_that_is_ready_at_once_needs_no_runtime() {
    assert_eq!(poll_once(&mut std::pin::pin!(at_once(7))), Poll::Ready(Ok(7)));
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_before_the_first_poll() {
    let started = Cell::new(false);
    let call = two_polls(&started);
    tokio::time::sleep(secs(100)).await;
    assert!(!started.get());
    // Time before the first poll does not count.
    assert_eq!(timed(call).await, (timed_out("ready.two_polls", secs(1)), secs(1)));
}

#[timeout("ready.computes", "1s")]
async fn computes_for(millis: u64) -> Answer {
    tokio::time::advance(ms(millis)).await;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn time_counts_from_the_first_wait() {
    // `advance` itself waits once, after having moved the clock.
    let (answer, took) = timed(computes_for(5000)).await;
    assert_eq!((answer, took), (timed_out("ready.computes", secs(1)), secs(6)));
}

#[test]
fn outside_a_runtime_a_manual_clock_moves_the_limit() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let started = Cell::new(false);
    let mut call = Stepper::new(two_polls(&started));
    assert_eq!(call.poll(), Poll::Pending);
    clock.advance(ms(999));
    assert_eq!(call.poll(), Poll::Pending);
    clock.advance(ms(1));
    assert!(call.was_woken());
    assert_eq!(call.poll(), Poll::Ready(timed_out("ready.two_polls", secs(1))));
}

#[timeout("ready.sleeps", "1s")]
async fn sleeps_on_our_clock() -> Answer {
    clock::sleep(secs(1)).await;
    Ok(7)
}

#[test]
fn on_a_manual_clock_too_a_body_that_is_ready_at_the_deadline_wins() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let mut call = Stepper::new(sleeps_on_our_clock());
    assert_eq!(call.poll(), Poll::Pending);
    clock.advance(secs(1));
    assert_eq!(call.poll(), Poll::Ready(Ok(7)));
}
