use mainstay::{fallback, retry};

use crate::support::*;

#[fallback(|_| Ok(1), on(Failure::Reset | Failure::Status(500..)))]
async fn listed(failure: &Failure) -> Answer {
    Err(failure.clone())
}
#[fallback(|_| Ok(1), on(Failure::Reset, Failure::Status(500..)))]
fn listed_sync(failure: &Failure) -> Answer {
    Err(failure.clone())
}

#[fallback(|_| Ok(1), on(Failure::Status(code) if *code == spared))]
async fn guarded(code: u16, spared: u16) -> Answer {
    Err(Failure::Status(code))
}

#[tokio::test]
async fn without_it_every_error_is_answered_for() {
    // FB-05.
    #[fallback(|_| Ok(1))]
    async fn all(failure: &Failure) -> Answer {
        Err(failure.clone())
    }
    for failure in [Failure::Reset, Failure::Declined, Failure::Status(404)] {
        assert_eq!(all(&failure).await, Ok(1));
    }
}

#[tokio::test]
async fn with_it_the_listed_errors_are_and_others_pass_unchanged() {
    // FB-10, FB-11.
    for (failure, expected) in [
        (Failure::Reset, Ok(1)),
        (Failure::Status(503), Ok(1)),
        (Failure::Status(404), Err(Failure::Status(404))),
        (Failure::Declined, Err(Failure::Declined)),
    ] {
        assert_eq!(listed(&failure).await, expected);
        assert_eq!(listed_sync(&failure), expected);
    }
}

#[tokio::test]
async fn a_pattern_may_have_a_guard_over_the_arguments() {
    assert_eq!(guarded(404, 404).await, Ok(1));
    assert_eq!(guarded(404, 500).await, Err(Failure::Status(404)));
}

#[retry(initial_delay = "1ms")]
#[fallback(|_| Ok(1), on(Failure::Status(_)))]
async fn below_a_retry(failures: &mut Vec<Failure>, calls: &mut u32) -> Answer {
    *calls += 1;
    Err(failures.pop().unwrap_or(Failure::Declined))
}

#[tokio::test(start_paused = true)]
async fn limited_by_it_a_fallback_may_stand_below_a_retry() {
    let mut calls = 0;
    let answer = below_a_retry(&mut vec![Failure::Status(1), Failure::Reset], &mut calls).await;
    assert_eq!((answer, calls), (Ok(1), 2));
}
