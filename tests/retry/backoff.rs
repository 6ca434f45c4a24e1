use std::time::Duration;

use mainstay::retry;

use crate::support::*;

#[retry(max_attempts = 5, backoff = exponential, jitter = none)]
async fn exponential(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, backoff = exponential, jitter = none)]
fn exponential_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 5, backoff = linear, jitter = none)]
async fn linear(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, backoff = linear, jitter = none)]
fn linear_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 5, backoff = constant, jitter = none)]
async fn constant(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, backoff = constant, jitter = none)]
fn constant_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 6, backoff = fibonacci, jitter = none)]
async fn fibonacci(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 6, backoff = fibonacci, jitter = none)]
fn fibonacci_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

fn squares(failed: u32) -> Duration {
    secs(u64::from(failed * failed))
}

#[retry(max_attempts = 5, backoff = squares, jitter = none)]
async fn by_path(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, backoff = crate::backoff::squares, jitter = none)]
fn by_path_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 4, backoff = |failed| Duration::from_millis(100 - u64::from(failed)), jitter = none)]
async fn by_closure(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 4, backoff = |failed| Duration::from_millis(100 - u64::from(failed)), jitter = none)]
fn by_closure_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 5, backoff = squares, max_delay = "8s", jitter = none)]
async fn capped(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, backoff = squares, max_delay = "8s", jitter = none)]
fn capped_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[test]
fn each_word_makes_the_waits_grow_as_it_says() {
    assert_eq!(waits(exponential, exponential_sync), [1, 2, 4, 8].map(secs));
    assert_eq!(waits(linear, linear_sync), [1, 2, 3, 4].map(secs));
    assert_eq!(waits(constant, constant_sync), [1, 1, 1, 1].map(secs));
    assert_eq!(waits(fibonacci, fibonacci_sync), [1, 2, 3, 5, 8].map(secs));
}

#[test]
fn a_function_of_the_failed_attempts_says_each_wait_itself() {
    assert_eq!(waits(by_path, by_path_sync), [1, 4, 9, 16].map(secs));
    assert_eq!(waits(by_closure, by_closure_sync), [99, 98, 97].map(ms));
}

#[test]
fn the_longest_wait_caps_a_function_as_well() {
    assert_eq!(waits(capped, capped_sync), [1, 4, 8, 8].map(secs));
}
