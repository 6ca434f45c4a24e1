use mainstay::retry;

use crate::support::*;

#[retry(abort_on(Failure::Reset))]
async fn against_class(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(abort_on(Failure::Reset))]
fn against_class_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_on(Failure::Status(_)), abort_on(Failure::Status(501), Failure::Status(code) if *code < 500))]
async fn against_list(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_on(Failure::Status(_)), abort_on(Failure::Status(501), Failure::Status(code) if *code < 500))]
fn against_list_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_if = |_| true, abort_on(Failure::Declined))]
async fn against_predicate(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_if = |_| true, abort_on(Failure::Declined))]
fn against_predicate_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

fn calls(
    failure: &Failure,
    twin: impl AsyncFn(&Upstream) -> Answer,
    sync_twin: impl Fn(&Upstream) -> Answer,
) -> usize {
    seen(|| Upstream::always(failure.clone()), twin, sync_twin).calls
}

#[test]
fn what_it_lists_is_final_although_its_class_is_transient() {
    assert_eq!(calls(&Failure::Reset, against_class, against_class_sync), 1);
}

#[test]
fn what_it_does_not_list_is_left_to_the_class() {
    // RT-12.
    assert_eq!(calls(&Failure::Status(500), against_class, against_class_sync), 3);
    assert_eq!(calls(&Failure::Declined, against_class, against_class_sync), 1);
}

#[test]
fn it_wins_over_retry_on() {
    // RT-11, RT-35: an error under both lists is final.
    for (status, expected) in [(500, 3), (501, 1), (404, 1)] {
        assert_eq!(calls(&Failure::Status(status), against_list, against_list_sync), expected, "{status}");
    }
    assert_eq!(calls(&Failure::Reset, against_list, against_list_sync), 1);
}

#[test]
fn it_wins_over_retry_if() {
    assert_eq!(calls(&Failure::Declined, against_predicate, against_predicate_sync), 1);
    assert_eq!(calls(&Failure::Skipped, against_predicate, against_predicate_sync), 3);
}

#[test]
fn it_ends_attempts_that_have_begun() {
    // RT-25.
    let failures = [Failure::Skipped, Failure::Declined];
    let seen = seen(|| Upstream::failing(failures.clone()), against_predicate, against_predicate_sync);
    assert_eq!((seen.answer, seen.calls), (Err(Failure::Declined), 2));
}
