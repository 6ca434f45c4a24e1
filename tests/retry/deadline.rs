//! A time limit around all attempts.

use mainstay::{retry, timeout};
use mainstay_testkit::{Script, Step};

use crate::support::*;

#[timeout("10s")]
#[retry(max_attempts = 10, jitter = none)]
async fn limited(up: &Upstream) -> Answer {
    up.ask().await
}

fn slow(millis: u64) -> Upstream {
    Upstream::new(Script::always(Step::delay(ms(millis), Step::fail(Failure::Reset))))
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_would_start_too_late_is_not_waited_for_and_the_last_error_is_the_answer() {
    let (upstream, start) = (Upstream::down(), tokio::time::Instant::now());
    assert_eq!(limited(&upstream).await, Err(Failure::Reset));
    // 1 + 2 + 4 fit, another 8 would not.
    assert_eq!((upstream.calls(), start.elapsed()), (4, secs(7)));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_calls_counts() {
    let (upstream, start) = (slow(4000), tokio::time::Instant::now());
    assert_eq!(limited(&upstream).await, Err(Failure::Reset));
    // From 0 to 4, and from 5 to 9; the third call would start at 11.
    assert_eq!((upstream.calls(), start.elapsed()), (2, secs(9)));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_runs_when_time_is_up_is_cut_off() {
    let (upstream, start) = (slow(2500), tokio::time::Instant::now());
    let answer = limited(&upstream).await;
    assert!(matches!(answer, Err(Failure::Policy(mainstay::Error::TimedOut { .. }))), "{answer:?}");
    // The third call starts at 8 and would end at 10.5.
    assert_eq!((upstream.calls(), start.elapsed()), (3, secs(10)));
}

/// Counts the time of its hook as well, as it should.
#[timeout("10s")]
#[retry(max_attempts = 10, jitter = none, before_retry = async |_| mainstay::clock::sleep(secs(30)).await)]
async fn slow_hook(up: &Upstream) -> Answer {
    up.ask().await
}

#[tokio::test(start_paused = true)]
async fn a_hook_is_cut_off_too() {
    let (upstream, start) = (Upstream::down(), tokio::time::Instant::now());
    let answer = slow_hook(&upstream).await;
    assert!(matches!(answer, Err(Failure::Policy(mainstay::Error::TimedOut { .. }))), "{answer:?}");
    assert_eq!((upstream.calls(), start.elapsed()), (1, secs(10)));
}
