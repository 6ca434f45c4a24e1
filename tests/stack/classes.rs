//! What a refusal by one policy means to those above it.

use std::future::pending;

use mainstay::{Kind, bulkhead, circuit_breaker, rate_limit, retry, timeout};

use crate::support::*;

#[circuit_breaker("classes.over_bulkhead", failure_threshold = 1)]
#[bulkhead("classes.full", 1)]
async fn breaker_over_bulkhead() -> Answer {
    Ok(1)
}

#[circuit_breaker("classes.over_rate", failure_threshold = 1)]
#[rate_limit("1/h")]
fn breaker_over_rate() -> Answer {
    Ok(1)
}

#[circuit_breaker("classes.listed", failure_threshold = 1, failure_on(Failure::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
#[bulkhead("classes.listed_full", 1)]
async fn breaker_that_lists_it() -> Answer {
    Ok(1)
}

#[tokio::test]
async fn a_refusal_is_neither_failure_nor_success_to_a_breaker_above() {
    let _place = bulkhead("classes.full").try_enter().unwrap();
    assert_eq!(kind(&breaker_over_bulkhead().await), Some(Kind::BulkheadFull));
    let breaker = breaker("classes.over_bulkhead");
    assert_eq!((breaker.failure_count(), breaker.success_count(), breaker.ignored_count()), (0, 0, 1));

    assert_eq!(breaker_over_rate(), Ok(1));
    assert_eq!(kind(&breaker_over_rate()), Some(Kind::RateLimited));
    assert_eq!(crate::support::breaker("classes.over_rate").failure_count(), 0);
}

#[tokio::test]
async fn a_refusal_that_a_breaker_lists_is_a_failure() {
    let _place = bulkhead("classes.listed_full").try_enter().unwrap();
    breaker_that_lists_it().await.unwrap_err();
    assert_eq!(kind(&breaker_that_lists_it().await), Some(Kind::CircuitOpen));
}

#[retry]
#[bulkhead("classes.retry_full", 1)]
fn retry_over_bulkhead() -> Answer {
    Ok(1)
}

#[retry(initial_delay = "1ms", jitter = none, retry_on(Failure::Policy(mainstay::Error::RateLimited { .. })))]
#[rate_limit("classes.retry_rate", "1/10s")]
async fn retry_that_lists_it() -> Answer {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_for_a_retry_above_unless_listed() {
    let _place = bulkhead("classes.retry_full").try_enter().unwrap();
    assert_eq!(kind(&retry_over_bulkhead()), Some(Kind::BulkheadFull));
    assert_eq!(bulkhead("classes.retry_full").rejected_count(), 1);

    let start = tokio::time::Instant::now();
    assert_eq!(retry_that_lists_it().await, Ok(1));
    assert_eq!(retry_that_lists_it().await, Ok(1));
    // The limiter's own word on when to come back is the wait; tokio's timer may add a millisecond.
    assert!(start.elapsed() >= secs(10) && start.elapsed() <= secs(10) + ms(1), "{:?}", start.elapsed());
}

#[retry(max_attempts = 3, initial_delay = "1ms")]
#[circuit_breaker("classes.time_out", failure_threshold = 100)]
#[timeout("1s")]
async fn times_out(calls: &mut u32) -> Answer {
    *calls += 1;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn a_time_out_is_a_failure_to_a_breaker_and_tried_again_by_a_retry() {
    let mut calls = 0;
    assert_eq!(kind(&times_out(&mut calls).await), Some(Kind::TimedOut));
    assert_eq!((calls, breaker("classes.time_out").failure_count()), (3, 3));
}

#[circuit_breaker("classes.permanent", failure_threshold = 1)]
#[retry]
async fn declined() -> Answer {
    Err(Failure::Declined)
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_an_answer_to_every_policy() {
    for _ in 0..3 {
        assert_eq!(declined().await, Err(Failure::Declined));
    }
    let breaker = breaker("classes.permanent");
    assert_eq!((breaker.success_count(), breaker.failure_count()), (3, 0));
}

/// An error type that forgets what it was made of: the policies of one function still know.
#[derive(Debug, PartialEq)]
struct Opaque;

impl From<mainstay::Error> for Opaque {
    fn from(_: mainstay::Error) -> Self {
        Self
    }
}

#[retry(initial_delay = "1ms")]
#[circuit_breaker("classes.opaque", failure_threshold = 1)]
#[bulkhead("classes.opaque_full", 1)]
fn opaque() -> Result<(), Opaque> {
    Ok(())
}

#[test]
fn refusals_are_known_even_where_the_users_error_hides_them() {
    let _place = bulkhead("classes.opaque_full").try_enter().unwrap();
    assert_eq!(opaque(), Err(Opaque));
    assert_eq!(bulkhead("classes.opaque_full").rejected_count(), 1);
    assert_eq!(breaker("classes.opaque").ignored_count(), 1);
}
