use mainstay::{deadline, retry, timeout};

use crate::support::*;

#[retry("deadline.retried", max_attempts = 10, initial_delay = "1s", backoff = constant, jitter = none)]
async fn retried(attempts: &mut u32) -> Result<(), &'static str> {
    *attempts += 1;
    Err("down")
}

#[retry("deadline.retried_sync", max_attempts = 10, initial_delay = "1s", backoff = constant, jitter = none)]
fn retried_sync(attempts: &mut u32) -> Result<(), &'static str> {
    *attempts += 1;
    Err("down")
}

#[timeout("deadline.retries_inside", "3500ms")]
async fn retries_inside(attempts: &mut u32) -> Answer<Result<(), &'static str>> {
    Ok(retried(attempts).await)
}

#[retry("deadline.of_a_limit", max_attempts = 10, initial_delay = "0s")]
#[timeout("deadline.in_a_retry", "5s")]
async fn limited(attempts: &mut u32) -> Answer {
    *attempts += 1;
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_cannot_fit_into_its_callers_limit_is_not_begun() {
    let mut attempts = 0;
    let (answer, took) = timed(retries_inside(&mut attempts)).await;
    // The fifth would begin at 4 s: the last error is the answer at once.
    assert_eq!((answer, attempts, took), (Ok(Err("down")), 4, secs(3)));
}

#[tokio::test(start_paused = true)]
async fn nor_is_one_that_cannot_fit_into_a_deadline_from_outside() {
    let mut attempts = 0;
    let (answer, took) = timed(deadline::scope(ms(1500), retried(&mut attempts))).await;
    assert_eq!((answer, attempts, took), (Err("down"), 2, secs(1)));
}

#[test]
fn nor_on_a_thread() {
    let clock = mainstay::clock::ManualClock::new();
    let _installed = clock.install();
    let mut attempts = 0;
    let answer = deadline::sync_scope(ms(1500), || retried_sync(&mut attempts));
    assert_eq!((answer, attempts), (Err("down"), 2));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_a_deadline_has_ended_is_not_tried_again() {
    let mut attempts = 0;
    let (answer, took) = timed(deadline::scope(secs(2), limited(&mut attempts))).await;
    assert_eq!((told(answer), attempts, took), (exceeded("deadline.in_a_retry"), 1, secs(2)));
    let answer = deadline::scope(secs(0), limited(&mut attempts)).await;
    assert_eq!((told(answer), attempts), (exceeded("deadline.in_a_retry"), 1));
}
