//! A fallback below a time limit has what is left of it.

use std::{future::pending, time::Duration};

use mainstay::{fallback, timeout};
use mainstay_testkit::Probe;
use tokio::time::{Instant, sleep};

use crate::support::*;

#[timeout("deadline.body", "1s")]
#[fallback(|_| { probe.enter().finish(); Ok(1) }, on(Failure::Reset | Failure::Policy(_)))]
async fn body_takes(probe: &Probe, time: Duration) -> Answer {
    sleep(time).await;
    Err(Failure::Reset)
}

#[timeout("deadline.fallback", "1s")]
#[fallback(async |_| { sleep(time).await; Ok(1) }, on(Failure::Reset))]
async fn fallback_takes(time: Duration) -> Answer {
    sleep(Duration::from_millis(500)).await;
    Err(Failure::Reset)
}

#[timeout("deadline.outer", "3s")]
#[fallback(|_| Ok(1), on(Failure::Policy(_)))]
#[timeout("deadline.inner", "1s")]
async fn between_two() -> Answer {
    pending().await
}

#[fallback(async |_| { sleep(secs(60)).await; Ok(1) })]
#[timeout("1s")]
async fn above() -> Answer {
    pending().await
}

fn timed_out(policy: &'static str) -> Answer {
    Err(Failure::Policy(mainstay::Error::timed_out(policy, secs(1))))
}

#[tokio::test(start_paused = true)]
async fn in_time_it_answers() {
    let probe = Probe::new();
    assert_eq!(body_takes(&probe, Duration::from_millis(999)).await, Ok(1));
    assert_eq!(probe.finished(), 1);
}

#[tokio::test(start_paused = true)]
async fn it_does_not_run_once_the_limit_around_it_has_cut_the_body_off() {
    let (probe, start) = (Probe::new(), Instant::now());
    assert_eq!(body_takes(&probe, secs(2)).await, timed_out("deadline.body"));
    assert_eq!((probe.entered(), start.elapsed()), (0, secs(1)));
}

#[tokio::test(start_paused = true)]
async fn its_own_time_counts() {
    assert_eq!(fallback_takes(Duration::from_millis(400)).await, Ok(1));
    let start = Instant::now();
    assert_eq!(fallback_takes(Duration::from_millis(600)).await, timed_out("deadline.fallback"));
    assert_eq!(start.elapsed(), secs(1));
}

#[tokio::test(start_paused = true)]
async fn between_two_limits_it_answers_for_the_one_below() {
    let start = Instant::now();
    assert_eq!(between_two().await, Ok(1));
    assert_eq!(start.elapsed(), secs(1));
}

#[tokio::test(start_paused = true)]
async fn above_the_limit_it_has_all_the_time_it_takes() {
    let start = Instant::now();
    assert_eq!(above().await, Ok(1));
    assert_eq!(start.elapsed(), secs(61));
}
