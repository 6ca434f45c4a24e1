use std::io;

use mainstay::retry;

use crate::support::*;

#[retry(retry_on(Failure::Declined))]
async fn one(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_on(Failure::Declined))]
fn one_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_on(Failure::Declined | Failure::Busy { .. }, Failure::Status(500..=599)))]
async fn many(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_on(Failure::Declined | Failure::Busy { .. }, Failure::Status(500..=599),))]
fn many_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_on(Failure::Status(status) if status % 2 == 0 && *status != spared, Failure::Skipped))]
async fn guarded(up: &Upstream, spared: u16) -> Answer {
    up.ask().await
}
#[retry(retry_on(Failure::Status(status) if status % 2 == 0 && *status != spared, Failure::Skipped))]
fn guarded_sync(up: &Upstream, spared: u16) -> Answer {
    up.ask_sync()
}

#[retry(retry_on(Failure::Declined), retry_if = |failure| *failure == Failure::Skipped)]
async fn with_predicate(up: &Upstream) -> Answer {
    up.ask().await
}
#[retry(retry_on(Failure::Declined), retry_if = |failure| *failure == Failure::Skipped)]
fn with_predicate_sync(up: &Upstream) -> Answer {
    up.ask_sync()
}

#[retry(retry_on(error if error.kind() == io::ErrorKind::TimedOut))]
fn by_guard_alone(calls: &mut u32, kind: io::ErrorKind) -> io::Result<()> {
    *calls += 1;
    Err(kind.into())
}

#[test]
fn what_is_listed_is_tried_again_whatever_its_class() {
    assert_eq!(seen(|| Upstream::always(Failure::Declined), one, one_sync).calls, 3);
}

#[test]
fn what_is_not_listed_is_final_whatever_its_class() {
    assert_eq!(seen(Upstream::down, one, one_sync).calls, 1);
}

#[test]
fn patterns_are_separated_by_bars_or_commas() {
    for (failure, calls) in [
        (Failure::Declined, 3),
        (Failure::Busy { after: secs(1) }, 3),
        (Failure::Status(503), 3),
        (Failure::Status(404), 1),
        (Failure::Reset, 1),
    ] {
        assert_eq!(seen(|| Upstream::always(failure.clone()), many, many_sync).calls, calls, "{failure}");
    }
}

#[test]
fn a_pattern_may_have_a_guard_over_what_it_binds_and_the_arguments() {
    for (failure, calls) in [
        (Failure::Status(500), 3),
        (Failure::Status(502), 1),
        (Failure::Status(501), 1),
        (Failure::Skipped, 3),
    ] {
        let seen = seen(
            || Upstream::always(failure.clone()),
            async |up| guarded(up, 502).await,
            |up| guarded_sync(up, 502),
        );
        assert_eq!(seen.calls, calls, "{failure}");
    }
}

#[test]
fn a_guard_alone_may_decide_about_a_foreign_error() {
    for (kind, expected) in [(io::ErrorKind::TimedOut, 3), (io::ErrorKind::NotFound, 1)] {
        let mut calls = 0;
        manual(|| by_guard_alone(&mut calls, kind)).unwrap_err();
        assert_eq!(calls, expected, "{kind}");
    }
}

#[test]
fn beside_a_predicate_either_of_them_is_enough() {
    for (failure, calls) in [(Failure::Declined, 3), (Failure::Skipped, 3), (Failure::Reset, 1)] {
        let seen = seen(|| Upstream::always(failure.clone()), with_predicate, with_predicate_sync);
        assert_eq!(seen.calls, calls, "{failure}");
    }
}

#[test]
fn the_wait_asked_for_by_a_listed_error_is_kept() {
    let busy = || Upstream::always(Failure::Busy { after: secs(90) });
    // Full jitter never reaches more than the backoff's two seconds by itself.
    assert_eq!(seen_exactly(busy, many, many_sync).waits, [secs(90); 2]);
}
