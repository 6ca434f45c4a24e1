use std::time::Duration;

use mainstay::retry;
use mainstay_testkit::{Script, Step};

use crate::support::*;

#[retry(max_attempts = 100, jitter = none)]
async fn default(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 100, jitter = none)]
fn default_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 100, initial_delay = "100ms", max_elapsed = "1s", jitter = none)]
async fn second(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 100, initial_delay = "100ms", max_elapsed = "1s", jitter = none)]
fn second_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(max_attempts = 100, initial_delay = "250ms", backoff = constant, max_elapsed = limit, jitter = none)]
async fn by_argument(up: &Upstream, limit: Duration) -> Answer {
    up.ask().await
}
#[retry(max_attempts = 100, initial_delay = "250ms", backoff = constant, max_elapsed = limit, jitter = none)]
fn by_argument_sync(up: &Upstream, limit: Duration) -> Answer {
    up.ask_sync()
}

#[test]
fn time_is_not_limited_by_default() {
    assert_eq!(seen_exactly(Upstream::down, default, default_sync).calls, 100);
}

#[test]
fn an_attempt_that_cannot_start_in_time_is_not_waited_for() {
    // SR-08: 100 + 200 + 400 fit, another 800 would pass the limit.
    let seen = seen_exactly(Upstream::down, second, second_sync);
    assert_eq!(seen.waits, [100, 200, 400].map(ms));
    assert_eq!(seen.took, ms(700));
}

#[test]
fn the_last_error_comes_back_unchanged() {
    let statuses = || Upstream::failing((500..600).map(Failure::Status));
    assert_eq!(seen_exactly(statuses, second, second_sync).answer, Err(Failure::Status(503)));
}

#[test]
fn the_time_of_the_calls_counts_too() {
    // SR-04.
    for (each_call, calls) in [(300, 3), (899, 2), (900, 1), (2000, 1)] {
        let slow = || {
            let step = Step::delay(ms(each_call), Step::fail(Failure::Reset));
            Upstream::new(Script::always(step))
        };
        assert_eq!(seen_exactly(slow, second, second_sync).calls, calls, "{each_call} ms each");
    }
}

#[test]
fn a_call_that_is_late_by_itself_may_still_succeed() {
    let slow = || Upstream::new(Script::always(Step::delay(secs(5), Step::ok(7))));
    let seen = seen_exactly(slow, second, second_sync);
    assert_eq!((seen.answer, seen.took), (Ok(7), secs(5)));
}

#[test]
fn an_attempt_that_would_start_exactly_at_the_limit_is_too_late() {
    // SR-10: two waits of 250 fit into 600.
    for (limit, calls) in [(600, 3), (501, 3), (500, 2), (250, 1), (10, 1)] {
        let limit = ms(limit);
        let seen = seen_exactly(
            Upstream::down,
            async |up| by_argument(up, limit).await,
            |up| by_argument_sync(up, limit),
        );
        assert_eq!(seen.calls, calls, "{limit:?}");
    }
}
