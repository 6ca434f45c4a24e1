//! What is tried again where no option says so.

use mainstay::retry;

use crate::support::*;

#[retry]
async fn classified(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry]
fn classified_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

fn calls(failure: Failure) -> usize {
    seen(|| Upstream::always(failure.clone()), classified, classified_sync).calls
}

#[test]
fn transient_and_throttled_errors_are_tried_again() {
    assert_eq!(calls(Failure::Reset), 3);
    assert_eq!(calls(Failure::Busy { after: secs(1) }), 3);
}

#[test]
fn permanent_and_ignored_errors_are_final() {
    assert_eq!(calls(Failure::Declined), 1);
    assert_eq!(calls(Failure::Skipped), 1);
}

#[test]
fn a_permanent_error_ends_attempts_that_have_begun() {
    let seen = seen(|| Upstream::failing([Failure::Reset, Failure::Declined]), classified, classified_sync);
    assert_eq!((seen.answer, seen.calls), (Err(Failure::Declined), 2));
}

#[test]
fn a_refusal_from_elsewhere_inside_the_users_error_is_final_and_a_time_out_is_not() {
    // The derive reads the class of the error it wraps.
    assert_eq!(calls(Failure::Policy(mainstay::Error::circuit_open("elsewhere", None))), 1);
    assert_eq!(calls(Failure::Policy(mainstay::Error::rate_limited("elsewhere", secs(1)))), 1);
    assert_eq!(calls(Failure::Policy(mainstay::Error::bulkhead_full("elsewhere", 3))), 1);
    assert_eq!(calls(Failure::Policy(mainstay::Error::timed_out("elsewhere", secs(1)))), 3);
}

#[retry]
fn text(calls: &mut u32) -> Result<(), String> {
    *calls += 1;
    Err(format!("failure {calls}"))
}

#[retry]
fn own_error(calls: &mut u32) -> Result<(), mainstay::Error> {
    *calls += 1;
    Err(mainstay::Error::circuit_open("elsewhere", None))
}

#[retry]
async fn in_anyhow(calls: &mut u32, error: mainstay::Error) -> anyhow::Result<()> {
    *calls += 1;
    Err(anyhow::Error::new(error.clone()).context("asking"))
}

#[retry]
fn in_a_box(
    calls: &mut u32,
    error: &mainstay::Error,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    *calls += 1;
    Err(error.clone().into())
}

#[test]
fn an_error_that_says_nothing_of_itself_is_tried_again() {
    let mut calls = 0;
    assert_eq!(manual(|| text(&mut calls)), Err("failure 3".to_owned()));
    assert_eq!(calls, 3);
}

#[test]
fn our_own_error_says_its_class_also_from_within_error_objects() {
    let mut calls = 0;
    manual(|| own_error(&mut calls)).unwrap_err();
    assert_eq!(calls, 1);
    let (open, late) = (mainstay::Error::circuit_open("x", None), mainstay::Error::timed_out("x", secs(1)));
    for (error, expected) in [(open, 1), (late, 3)] {
        let mut calls = 0;
        paused(in_anyhow(&mut calls, error.clone())).unwrap_err();
        assert_eq!(calls, expected, "anyhow");
        let mut calls = 0;
        manual(|| in_a_box(&mut calls, &error)).unwrap_err();
        assert_eq!(calls, expected, "box");
    }
}
