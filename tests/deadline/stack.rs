//! Several limits on one function.

use std::future::pending;

use mainstay::{deadline, fallback, retry, timeout};

use crate::support::*;

#[timeout("deadline.around", "10s")]
#[retry("deadline.between", max_attempts = 5, initial_delay = "1s", backoff = constant, jitter = none)]
#[timeout("deadline.each", "2s")]
async fn attempts(seen: &mut Vec<std::time::Duration>) -> Answer {
    seen.extend(deadline::remaining());
    pending().await
}

#[timeout("deadline.over_fallback", "10s")]
#[fallback(on(error if error.kind() == mainstay::Kind::TimedOut), |_error| async { Ok(deadline::remaining()) })]
#[timeout("deadline.under_fallback", "2s")]
async fn replaced() -> Answer<Option<std::time::Duration>> {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn each_attempt_sees_its_own_limit_or_what_is_left_of_all() {
    let mut seen = Vec::new();
    let (answer, took) = timed(attempts(&mut seen)).await;
    // 0 to 2, 3 to 5, 6 to 8, 9 to 10: cut off by the limit around.
    assert_eq!(seen, [secs(2), secs(2), secs(2), secs(1)]);
    assert_eq!((told(answer).unwrap().1.as_str(), took), ("deadline.around", secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_around_the_function_is_that_of_the_attempts_too() {
    let mut seen = Vec::new();
    let (answer, took) = timed(deadline::scope(ms(4500), attempts(&mut seen))).await;
    assert_eq!(seen, [secs(2), ms(1500)]);
    assert_eq!((told(answer), took), (exceeded("deadline.around"), ms(4500)));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_sees_what_is_left_of_the_limit_around_it() {
    assert_eq!(replaced().await, Ok(Some(secs(8))));
}
