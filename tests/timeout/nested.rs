use std::{future::pending, time::Duration};

use mainstay::timeout;

use crate::support::*;

#[timeout("nested.outer", outer)]
#[timeout("nested.inner", inner)]
async fn both(outer: Duration, inner: Duration) -> Answer {
    pending().await
}

#[timeout("nested.callee", limit)]
async fn callee(limit: Duration) -> Answer {
    pending().await
}

#[timeout("nested.caller", limit)]
async fn caller(limit: Duration, of_callee: Duration) -> Answer {
    callee(of_callee).await
}

#[timeout("nested.two_calls", "1s")]
async fn two_calls(each: Duration) -> Answer {
    let _ = callee(each).await;
    callee(each).await
}

#[tokio::test(start_paused = true)]
async fn of_two_limits_on_a_function_the_one_that_ends_first_is_blamed() {
    assert_eq!(timed(both(secs(3), secs(1))).await, (timed_out("nested.inner", secs(1)), secs(1)));
    assert_eq!(timed(both(secs(1), secs(3))).await, (timed_out("nested.outer", secs(1)), secs(1)));
}

#[tokio::test(start_paused = true)]
async fn of_two_that_end_together_the_outer_one_is_blamed() {
    assert_eq!(both(secs(2), secs(2)).await, timed_out("nested.outer", secs(2)));
}

#[tokio::test(start_paused = true)]
async fn one_of_two_may_set_no_limit() {
    assert_eq!(both(secs(0), secs(2)).await, timed_out("nested.inner", secs(2)));
    assert_eq!(both(secs(2), secs(0)).await, timed_out("nested.outer", secs(2)));
}

#[tokio::test(start_paused = true)]
async fn a_callees_limit_ends_the_callee_and_its_callers_both() {
    assert_eq!(timed(caller(secs(3), secs(1))).await, (timed_out("nested.callee", secs(1)), secs(1)));
    assert_eq!(timed(caller(secs(1), secs(3))).await, (timed_out("nested.caller", secs(1)), secs(1)));
}

#[tokio::test(start_paused = true)]
async fn a_callers_limit_covers_all_its_calls_together() {
    assert_eq!(timed(two_calls(ms(600))).await, (timed_out("nested.two_calls", secs(1)), secs(1)));
    assert_eq!(timed(two_calls(ms(400))).await, (timed_out("nested.callee", ms(400)), ms(800)));
}
