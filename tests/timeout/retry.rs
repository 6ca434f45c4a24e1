//! Above and below a retry.

use std::{cell::Cell, future::pending};

use mainstay::{Kind, retry, timeout};

use crate::support::*;

fn count(calls: &Cell<u32>) {
    calls.set(calls.get() + 1);
}

#[retry(max_attempts = 2, initial_delay = "100ms", jitter = none)]
#[timeout("retry.each", "500ms")]
async fn each_attempt(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[timeout("retry.all", "1s")]
#[retry(max_attempts = 10, initial_delay = "100ms", backoff = constant, jitter = none)]
async fn all_attempts(calls: &Cell<u32>, each: u64) -> Answer {
    count(calls);
    tokio::time::sleep(ms(each)).await;
    Err(Failure::Reset)
}

#[timeout("retry.outer", "1s")]
#[retry(max_attempts = 10, initial_delay = "100ms", backoff = constant, jitter = none)]
#[timeout("retry.inner", "300ms")]
async fn all_and_each(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[retry(retry_on(Failure::Policy(error) if error.kind() == Kind::BulkheadFull))]
#[timeout("retry.unlisted", "500ms")]
async fn unlisted(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[retry(abort_on(Failure::Policy(mainstay::Error::TimedOut { .. })))]
#[timeout("retry.aborted", "500ms")]
async fn aborted(calls: &Cell<u32>) -> Answer {
    count(calls);
    pending().await
}

#[tokio::test(start_paused = true)]
async fn below_a_retry_each_attempt_has_the_whole_time() {
    // TO-15.
    let calls = Cell::new(0);
    assert_eq!(timed(each_attempt(&calls)).await, (timed_out("retry.each", ms(500)), ms(1100)));
    assert_eq!(calls.get(), 2);
}

#[tokio::test(start_paused = true)]
async fn above_a_retry_all_attempts_share_it() {
    let calls = Cell::new(0);
    // Attempts start at 0, 500 and 1000, which is too late.
    assert_eq!(timed(all_attempts(&calls, 400)).await, (Err(Failure::Reset), ms(900)));
    assert_eq!(calls.get(), 2);
    let calls = Cell::new(0);
    // At 0 and 700, which is cut off.
    assert_eq!(timed(all_attempts(&calls, 600)).await, (timed_out("retry.all", secs(1)), secs(1)));
    assert_eq!(calls.get(), 2);
}

#[tokio::test(start_paused = true)]
async fn above_and_below_each_does_its_part() {
    let calls = Cell::new(0);
    // Attempts run from 0, 400 and 800; the last is cut off at 1000 by the outer limit, which is final.
    assert_eq!(timed(all_and_each(&calls)).await, (timed_out("retry.outer", secs(1)), secs(1)));
    assert_eq!(calls.get(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_that_is_not_listed_is_not_tried_again() {
    // TO-17.
    let calls = Cell::new(0);
    assert_eq!(unlisted(&calls).await, timed_out("retry.unlisted", ms(500)));
    assert_eq!(calls.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_under_abort_on_is_final() {
    // TO-18.
    let calls = Cell::new(0);
    assert_eq!(aborted(&calls).await, timed_out("retry.aborted", ms(500)));
    assert_eq!(calls.get(), 1);
}
