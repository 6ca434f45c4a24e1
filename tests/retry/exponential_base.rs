use mainstay::retry;

use crate::support::*;

#[retry(max_attempts = 5, jitter = none)]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, jitter = none)]
fn default_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 5, exponential_base = 3.0, jitter = none)]
async fn three(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, exponential_base = 3, jitter = none)]
fn three_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 4, exponential_base = 1.5, backoff = exponential, jitter = none)]
async fn fraction(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 4, exponential_base = 1.5, backoff = exponential, jitter = none)]
fn fraction_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 4, exponential_base = f64::from(factor), jitter = none)]
async fn by_argument(up: &Upstream, factor: u8) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 4, exponential_base = f64::from(factor), jitter = none)]
fn by_argument_sync(up: &Upstream, factor: u8) -> Answer {
    up.ask_sync()
}

#[test]
fn each_wait_is_twice_the_one_before_by_default() {
    assert_eq!(waits(default, default_sync), [1, 2, 4, 8].map(secs));
}

#[test]
fn each_wait_is_the_one_before_times_what_is_set() {
    assert_eq!(waits(three, three_sync), [1, 3, 9, 27].map(secs));
    assert_eq!(waits(fraction, fraction_sync), [1000, 1500, 2250].map(ms));
}

#[test]
fn an_expression_over_the_arguments_sets_it_for_each_call() {
    for (factor, expected) in [(1, [1, 1, 1]), (4, [1, 4, 16])] {
        let waits = waits(async |up| by_argument(up, factor).await, |up| by_argument_sync(up, factor));
        assert_eq!(waits, expected.map(secs));
    }
}
