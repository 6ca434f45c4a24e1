use super::support::{SECOND, build, play};
use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, State, Verdict},
    classify::Class,
    clock::{self, ManualClock},
};

#[test]
fn it_opens_on_the_nth_failure_in_a_row_and_not_before() {
    let breaker = build(CircuitBreaker::builder());
    assert_eq!(play(&breaker, "FFFF"), "FFFF");
    assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 4));
    assert_eq!(play(&breaker, "FS"), "Fx");
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_success_starts_the_run_again() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(3));
    assert_eq!(play(&breaker, "FFSFFSFFF"), "FFSFFSFFF");
    assert_eq!(play(&breaker, "S"), "x");
}

#[test]
fn an_ignored_outcome_is_neither_failure_nor_success() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(3));
    assert_eq!(play(&breaker, "FFIIII"), "FFIIII");
    assert_eq!(breaker.consecutive_failures(), 2);
    assert_eq!(play(&breaker, "FS"), "Fx");
    assert_eq!((breaker.failure_count(), breaker.success_count(), breaker.ignored_count()), (3, 0, 4));
}

#[test]
fn a_threshold_of_one_opens_on_the_first_failure() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    assert_eq!(play(&breaker, "SSFS"), "SSFx");
}

#[test]
fn an_open_breaker_refuses_with_the_time_left() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder().failure_threshold(1).timeout(10 * SECOND));
    assert_eq!(breaker.time_left(), None);
    play(&breaker, "F");
    clock.advance(4 * SECOND);
    assert_eq!(breaker.admit().unwrap_err(), Error::circuit_open("test", Some(6 * SECOND)));
    assert_eq!(breaker.time_left(), Some(6 * SECOND));
    assert_eq!(breaker.rejected_count(), 1);
}

#[test]
fn totals_and_the_last_failure_can_be_read() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder().failure_threshold(3));
    assert_eq!(breaker.last_failure(), None);
    clock.advance(SECOND);
    let failed_at = clock::now();
    play(&breaker, "SSF");
    clock.advance(SECOND);
    play(&breaker, "SI");
    let counts = breaker.counts();
    assert_eq!((counts.success_count, counts.failure_count, counts.ignored_count), (3, 1, 1));
    assert_eq!((counts.last_failure, breaker.last_failure()), (Some(failed_at), Some(failed_at)));
    assert_eq!((counts.state, counts.window_total, counts.rejected_count), (State::Closed, 0, 0));
}

#[test]
fn an_error_of_a_class_says_what_the_class_says() {
    assert_eq!(Verdict::of_class(Class::Transient), Verdict::Failure);
    assert_eq!(Verdict::of_class(Class::Throttled { retry_after: None }), Verdict::Failure);
    assert_eq!(Verdict::of_class(Class::Permanent), Verdict::Success);
    assert_eq!(Verdict::of_class(Class::Ignored), Verdict::Ignored);
}

#[test]
fn a_call_returns_what_the_closure_returns_and_is_not_made_when_refused() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    assert_eq!(breaker.call(|| Ok::<_, Error>(7)), Ok(7));
    let failed: Result<(), Error> = breaker.call(|| Err(Error::bulkhead_full("below", 1)));
    assert_eq!(failed, Err(Error::bulkhead_full("below", 1)));
    let refused = breaker.call(|| -> Result<(), Error> { panic!("it must not run") });
    assert_eq!(refused.unwrap_err().policy(), "test");
}

#[test]
fn a_judge_decides_what_an_answer_counts_as() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(2));
    let judge = |answer: &Result<u16, Error>| match answer {
        Ok(500..) => Verdict::Failure,
        Ok(_) => Verdict::Success,
        Err(_) => Verdict::Ignored,
    };
    assert_eq!(breaker.call_with(|| Ok(503), judge), Ok(503));
    breaker.call_with(|| Err(Error::bulkhead_full("below", 1)), judge).unwrap_err();
    assert_eq!(breaker.call_with(|| Ok(500), judge), Ok(500));
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn an_async_call_goes_the_same_way_as_a_sync_one() {
    let breaker =
        build(CircuitBreaker::builder().failure_threshold(2).timeout(10 * SECOND).success_threshold(1));
    for _ in 0..2 {
        let failed = breaker
            .call_async(|| async {
                clock::sleep(SECOND).await;
                Err::<(), _>(Error::bulkhead_full("below", 1))
            })
            .await;
        assert!(failed.is_err());
    }
    let refused = breaker.call_async(|| async { Ok::<_, Error>(1) }).await;
    assert_eq!(refused, Err(Error::circuit_open("test", Some(10 * SECOND))));
    tokio::time::advance(10 * SECOND).await;
    assert_eq!(breaker.call_async(|| async { Ok::<_, Error>(1) }).await, Ok(1));
    let judged = breaker.call_async_with(|| async { Ok::<_, Error>(1) }, |_| Verdict::Failure).await;
    assert_eq!((judged, breaker.consecutive_failures()), (Ok(1), 1));
}

#[test]
fn futures_and_permits_may_move_between_threads() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let breaker = build(CircuitBreaker::builder());
    drop(sent(breaker.call_async(|| async { Ok::<_, Error>(1) })));
    sent(breaker.admit().unwrap()).success();
}
