use std::time::Duration;

use mainstay::retry;

use crate::support::*;

#[retry(max_attempts = 200, backoff = constant, initial_delay = "10s")]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(max_attempts = 200, backoff = constant, initial_delay = "10s", jitter = full)]
async fn full(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 200, backoff = constant, initial_delay = "10s", jitter = full)]
fn full_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 200, backoff = constant, initial_delay = "10s", jitter = equal)]
async fn equal(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 200, backoff = constant, initial_delay = "10s", jitter = equal)]
fn equal_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 200, jitter = none)]
async fn none(up: &Upstream) -> Answer {
    up.ask().await
}

#[retry(max_attempts = 200, max_delay = "10s", jitter = equal)]
async fn capped(up: &Upstream) -> Answer {
    up.ask().await
}

fn waits_of(twin: impl AsyncFn(&Upstream) -> Answer) -> Vec<Duration> {
    let upstream = Upstream::down();
    paused(async { twin(&upstream).await }).unwrap_err();
    upstream.waits()
}

fn waits_of_sync(sync_twin: impl Fn(&Upstream) -> Answer) -> Vec<Duration> {
    let upstream = Upstream::down();
    manual(|| sync_twin(&upstream)).unwrap_err();
    upstream.waits()
}

/// That 199 draws all fall on one side of the middle happens once in 2¹⁹⁸ runs.
fn spreads(waits: &[Duration], least: Duration, most: Duration) {
    let (low, high) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
    let middle = (least + most) / 2;
    // A timer rounds up to the next millisecond.
    assert!(*low >= least && *high <= most + ms(1), "{low:?} to {high:?}");
    assert!(*low < middle && *high > middle, "{low:?} to {high:?}");
}

#[test]
fn full_jitter_draws_from_nothing_to_the_whole_wait_and_is_the_default() {
    for waits in [waits_of(default), waits_of(full), waits_of_sync(full_sync)] {
        spreads(&waits, secs(0), secs(10));
    }
}

#[test]
fn equal_jitter_draws_from_half_to_the_whole_wait() {
    for waits in [waits_of(equal), waits_of_sync(equal_sync)] {
        spreads(&waits, secs(5), secs(10));
    }
}

#[test]
fn without_jitter_the_waits_are_exact() {
    let waits = waits_of(none);
    assert_eq!((waits[0], waits[3], waits[198]), (secs(1), secs(8), secs(60)));
}

#[test]
fn jitter_comes_after_the_cap() {
    spreads(&waits_of(capped)[4..], secs(5), secs(10));
}
