use std::time::Duration;

use mainstay::retry;

use crate::support::*;

#[retry(max_attempts = 9, jitter = none)]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 9, jitter = none)]
fn default_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 6, max_delay = "5s", jitter = none)]
async fn literal(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 6, max_delay = "5s", jitter = none)]
fn literal_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 5, initial_delay = "2s", max_delay = "2s", jitter = none)]
async fn equal(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 5, initial_delay = "2s", max_delay = "2s", jitter = none)]
fn equal_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 4, max_delay = cap, jitter = none)]
async fn by_argument(up: &Upstream, cap: Duration) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 4, max_delay = cap, jitter = none)]
fn by_argument_sync(up: &Upstream, cap: Duration) -> Answer {
    up.ask_sync()
}

#[test]
fn waits_stop_growing_at_a_minute_by_default() {
    assert_eq!(waits(default, default_sync), [1, 2, 4, 8, 16, 32, 60, 60].map(secs));
}

#[test]
fn waits_stop_growing_at_what_is_set() {
    assert_eq!(waits(literal, literal_sync), [1, 2, 4, 5, 5].map(secs));
}

#[test]
fn a_cap_equal_to_the_first_wait_makes_all_waits_equal() {
    assert_eq!(waits(equal, equal_sync), [secs(2); 4]);
}

#[test]
fn an_expression_over_the_arguments_sets_it_for_each_call() {
    for (cap, expected) in [(secs(3), [1, 2, 3]), (secs(60), [1, 2, 4])] {
        let waits = waits(async |up| by_argument(up, cap).await, |up| by_argument_sync(up, cap));
        assert_eq!(waits, expected.map(secs));
    }
}

#[test]
fn a_cap_below_the_first_wait_cuts_that_too_where_only_the_call_can_tell() {
    let waits = waits(async |up| by_argument(up, ms(10)).await, |up| by_argument_sync(up, ms(10)));
    assert_eq!(waits, [ms(10); 3]);
}
