use std::time::Duration;

use mainstay::retry;

use crate::support::*;

/// Status 429 asks for half a minute, 503 for a blink.
fn hint(failure: &Failure) -> Option<Duration> {
    match failure {
        Failure::Status(429) => Some(secs(30)),
        Failure::Status(503) => Some(ms(1)),
        Failure::Busy { .. } => Some(secs(7)),
        _ => None,
    }
}

#[retry(retry_after = hint, jitter = none, max_delay = "20s")]
async fn by_path(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_after = hint, jitter = none, max_delay = "20s")]
fn by_path_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_after = |_| pause, jitter = none)]
async fn by_argument(up: &Upstream, pause: Duration) -> Answer {
    up.ask().await
}
#[retry(retry_after = |_| pause, jitter = none)]
fn by_argument_sync(up: &Upstream, pause: Duration) -> Answer {
    up.ask_sync()
}

#[retry(jitter = none)]
async fn by_class(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(jitter = none)]
fn by_class_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_after = hint, max_elapsed = "20s", jitter = none)]
async fn limited(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_after = hint, max_elapsed = "20s", jitter = none)]
fn limited_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_after = hint, retry_if = |_| true, jitter = none)]
async fn with_predicate(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_after = hint, retry_if = |_| true, jitter = none)]
fn with_predicate_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

fn waits_after(failure: Failure) -> Vec<Duration> {
    seen_exactly(|| Upstream::always(failure.clone()), by_path, by_path_sync).waits
}

#[test]
fn the_wait_is_never_shorter_than_the_server_asks_even_above_the_cap() {
    assert_eq!(waits_after(Failure::Status(429)), [secs(30); 2]);
}

#[test]
fn a_shorter_hint_does_not_shorten_the_backoff() {
    assert_eq!(waits_after(Failure::Status(503)), [secs(1), secs(2)]);
}

#[test]
fn without_a_hint_the_backoff_is_what_it_is() {
    assert_eq!(waits_after(Failure::Reset), [secs(1), secs(2)]);
}

#[test]
fn a_hint_counts_for_its_own_error_only() {
    let failures = [Failure::Status(429), Failure::Reset];
    let seen = seen_exactly(|| Upstream::failing(failures.clone()), by_path, by_path_sync);
    assert_eq!(seen.waits, [secs(30), secs(2)]);
}

#[test]
fn a_throttled_error_says_it_without_the_option() {
    let busy = || Upstream::always(Failure::Busy { after: secs(9) });
    assert_eq!(seen_exactly(busy, by_class, by_class_sync).waits, [secs(9); 2]);
}

#[test]
fn the_option_wins_over_what_the_class_says() {
    assert_eq!(waits_after(Failure::Busy { after: secs(15) }), [secs(7); 2]);
}

#[test]
fn it_counts_beside_a_predicate_too() {
    let declined = || Upstream::always(Failure::Status(429));
    assert_eq!(seen_exactly(declined, with_predicate, with_predicate_sync).waits, [secs(30); 2]);
}

#[test]
fn a_closure_may_give_a_plain_duration_and_look_at_the_arguments() {
    let waits = waits(async |up| by_argument(up, ms(1500)).await, |up| by_argument_sync(up, ms(1500)));
    assert_eq!(waits, [ms(1500), secs(2)]);
}

#[test]
fn a_hint_that_does_not_fit_into_the_time_ends_the_attempts_at_once() {
    let seen = seen_exactly(|| Upstream::always(Failure::Status(429)), limited, limited_sync);
    assert_eq!((seen.answer, seen.calls, seen.took), (Err(Failure::Status(429)), 1, secs(0)));
}
