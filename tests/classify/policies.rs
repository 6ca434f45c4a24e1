//! What the policies make of the classes; the breaker's side is in `tests/circuit_breaker`.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{Classify, retry};

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
enum E {
    #[error("transient")]
    #[transient]
    Transient,
    #[error("permanent")]
    #[permanent]
    Permanent,
    #[error("ignored")]
    #[ignored]
    Ignored,
    #[error("throttled")]
    #[throttled(retry_after = after)]
    Throttled { after: Option<Duration> },
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

/// How often a call that always fails so is tried, and how long that takes.
async fn tried(error: E) -> (u32, Duration) {
    #[retry(max_attempts = 3, initial_delay = "1s", backoff = constant, jitter = none)]
    async fn call(error: &E, tries: &AtomicU32) -> Result<(), E> {
        tries.fetch_add(1, Ordering::Relaxed);
        Err(error.clone())
    }
    let (tries, start) = (AtomicU32::new(0), tokio::time::Instant::now());
    assert_eq!(call(&error, &tries).await, Err(error), "the last error, unchanged");
    (tries.into_inner(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn transient_and_throttled_errors_are_tried_again() {
    let second = Duration::from_secs(1);
    assert_eq!(tried(E::Transient).await, (3, 2 * second));
    assert_eq!(tried(E::Throttled { after: None }).await, (3, 2 * second));
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_a_throttled_error_asks_for_is_a_floor() {
    let (second, millisecond) = (Duration::from_secs(1), Duration::from_millis(1));
    assert_eq!(tried(E::Throttled { after: Some(7 * second) }).await, (3, 14 * second));
    assert_eq!(tried(E::Throttled { after: Some(millisecond) }).await, (3, 2 * second));
}

#[tokio::test(start_paused = true)]
async fn permanent_and_ignored_errors_are_final() {
    assert_eq!(tried(E::Permanent).await, (1, Duration::ZERO));
    assert_eq!(tried(E::Ignored).await, (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_passed_on_by_the_body_is_final_and_a_time_out_is_not() {
    let second = Duration::from_secs(1);
    assert_eq!(tried(mainstay::Error::circuit_open("x", Some(second)).into()).await, (1, Duration::ZERO));
    assert_eq!(tried(mainstay::Error::timed_out("x", second).into()).await, (3, 2 * second));
}
