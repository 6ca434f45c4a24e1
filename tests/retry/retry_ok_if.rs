use mainstay::retry;
use mainstay_testkit::Script;

use crate::support::*;

fn is_pending(value: &u32) -> bool {
    *value == 0
}

#[retry(retry_ok_if = is_pending, jitter = none)]
async fn polled(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_ok_if = is_pending, jitter = none)]
fn polled_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_ok_if = |value| *value < least, jitter = none)]
async fn at_least(up: &Upstream, least: u32) -> Answer {
    up.ask().await
}
#[retry(retry_ok_if = |value| *value < least, jitter = none)]
fn at_least_sync(up: &Upstream, least: u32) -> Answer {
    up.ask_sync()
}

#[retry(retry_ok_if = is_pending, retry_on(Failure::Skipped), jitter = none)]
async fn with_list(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_ok_if = is_pending, retry_on(Failure::Skipped), jitter = none)]
fn with_list_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

fn answering(values: impl IntoIterator<Item = u32>) -> Upstream {
    let steps = values.into_iter().fold(Script::steps(), |steps, value| steps.ok(value));
    Upstream::new(steps.end())
}

#[test]
fn a_value_that_it_names_is_tried_again_after_the_usual_wait() {
    let seen = seen_exactly(|| answering([0, 0, 5]), polled, polled_sync);
    assert_eq!((seen.answer, seen.waits), (Ok(5), vec![secs(1), secs(2)]));
}

#[test]
fn a_value_that_it_does_not_name_is_the_answer() {
    // SR-12 (d).
    let seen = seen_exactly(|| answering([5]), polled, polled_sync);
    assert_eq!((seen.answer, seen.calls), (Ok(5), 1));
}

#[test]
fn when_no_attempt_is_left_the_last_value_is_the_answer() {
    // SR-12 (c) has an error of the library's own there; a value that the body gave is more useful than that.
    let seen = seen_exactly(|| answering([0, 0, 0]), polled, polled_sync);
    assert_eq!((seen.answer, seen.calls), (Ok(0), 3));
}

#[test]
fn errors_go_by_their_own_rules() {
    let mixed = || Upstream::new(Script::steps().ok(0).fail(Failure::Reset).ok(8).end());
    assert_eq!(seen_exactly(mixed, polled, polled_sync).answer, Ok(8));
    let declined = || Upstream::new(Script::steps().ok(0).fail(Failure::Declined).end());
    assert_eq!(seen_exactly(declined, polled, polled_sync).answer, Err(Failure::Declined));
    // SR-12 (e).
    let listed = || Upstream::new(Script::steps().ok(0).fail(Failure::Skipped).ok(9).end());
    assert_eq!(seen_exactly(listed, with_list, with_list_sync).answer, Ok(9));
    assert_eq!(seen_exactly(Upstream::down, with_list, with_list_sync).calls, 1);
}

#[test]
fn a_closure_may_look_at_the_arguments() {
    for (least, calls) in [(1, 1), (2, 2), (3, 3), (4, 3)] {
        let seen = seen_exactly(
            || answering([1, 2, 3]),
            async |up| at_least(up, least).await,
            |up| at_least_sync(up, least),
        );
        assert_eq!((seen.calls, seen.answer), (calls, Ok(least.min(3))));
    }
}

struct NotClone;

#[retry(retry_ok_if = |_: &NotClone| { *calls += 1; true })]
fn gives_what_cannot_be_cloned(calls: &mut u32) -> Result<NotClone, Failure> {
    Ok(NotClone)
}

#[test]
fn a_value_need_not_be_cloned_to_be_looked_at() {
    let mut asked = 0;
    assert!(manual(|| gives_what_cannot_be_cloned(&mut asked)).is_ok());
    assert_eq!(asked, 3);
}
