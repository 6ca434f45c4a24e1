use std::time::Duration;

use mainstay::retry;

use crate::support::*;

#[retry(jitter = none)]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(jitter = none)]
fn default_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(initial_delay = "250ms", jitter = none)]
async fn literal(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(initial_delay = "250ms", jitter = none)]
fn literal_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(initial_delay = "0s")]
async fn zero(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(initial_delay = "0s")]
fn zero_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(initial_delay = pace * 2, jitter = none)]
async fn by_argument(up: &Upstream, pace: Duration) -> Answer {
    up.ask().await
}
#[retry(initial_delay = pace * 2, jitter = none)]
fn by_argument_sync(up: &Upstream, pace: Duration) -> Answer {
    up.ask_sync()
}

#[test]
fn the_first_wait_is_a_second_by_default() {
    assert_eq!(waits(default, default_sync), [secs(1), secs(2)]);
}

#[test]
fn the_waits_grow_from_what_is_set() {
    assert_eq!(waits(literal, literal_sync), [ms(250), ms(500)]);
}

#[test]
fn with_zero_the_next_attempt_comes_at_once() {
    // RT-07.
    let seen = seen_exactly(|| Upstream::failing([Failure::Reset, Failure::Reset]), zero, zero_sync);
    assert_eq!((seen.answer, seen.calls, seen.took), (Ok(7), 3, secs(0)));
}

#[test]
fn an_expression_over_the_arguments_sets_it_for_each_call() {
    for pace in [ms(5), secs(3)] {
        let waits = waits(async |up| by_argument(up, pace).await, |up| by_argument_sync(up, pace));
        assert_eq!(waits, [pace * 2, pace * 4]);
    }
}
