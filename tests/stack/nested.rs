//! An annotated function that calls annotated functions.

use std::future::pending;

use mainstay::{Kind, circuit_breaker, fallback, retry, timeout};

use crate::support::*;

#[circuit_breaker("nested.callee")]
async fn callee() -> Answer {
    Ok(1)
}

#[retry]
#[circuit_breaker("nested.caller", failure_threshold = 1)]
async fn caller(calls: &mut u32) -> Answer {
    *calls += 1;
    callee().await.map(|n| n + 1)
}

#[tokio::test(start_paused = true)]
async fn a_callees_refusal_is_final_and_no_failure_to_the_caller() {
    breaker("nested.callee").force_open();
    let mut calls = 0;
    assert_eq!(kind(&caller(&mut calls).await), Some(Kind::CircuitOpen));
    let breaker = breaker("nested.caller");
    assert_eq!((calls, breaker.failure_count(), breaker.ignored_count()), (1, 0, 1));
}

#[timeout("nested.slow", "1s")]
async fn slow() -> Answer {
    pending().await
}

#[retry(initial_delay = "1ms")]
#[circuit_breaker("nested.over_slow", failure_threshold = 100)]
async fn over_slow(calls: &mut u32) -> Answer {
    *calls += 1;
    slow().await
}

#[tokio::test(start_paused = true)]
async fn a_callees_time_out_is_a_failure_to_the_caller_and_tried_again() {
    let mut calls = 0;
    assert_eq!(kind(&over_slow(&mut calls).await), Some(Kind::TimedOut));
    assert_eq!((calls, breaker("nested.over_slow").failure_count()), (3, 3));
}

#[retry(max_attempts = 3, initial_delay = "1ms")]
async fn inner(up: &Upstream) -> Answer {
    up.run_async().await
}

#[retry(max_attempts = 2, initial_delay = "1ms")]
async fn outer(up: &Upstream) -> Answer {
    inner(up).await
}

#[tokio::test(start_paused = true)]
async fn retries_multiply() {
    let up = down();
    outer(&up).await.unwrap_err();
    assert_eq!(up.calls(), 6);
}

#[fallback(|_| Ok(0))]
async fn covered(calls: &mut u32) -> Answer {
    caller(calls).await
}

#[tokio::test(start_paused = true)]
async fn a_fallback_of_the_caller_covers_the_callee() {
    breaker("nested.callee").force_open();
    assert_eq!(covered(&mut 0).await, Ok(0));
}
