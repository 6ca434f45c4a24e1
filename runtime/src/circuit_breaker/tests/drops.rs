use std::{
    future::{Future, pending},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Waker},
};

use super::support::{SECOND, build, play};
use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, OnCancel, State},
    clock::ManualClock,
};

#[test]
fn a_dropped_call_counts_as_ignored_unless_told_otherwise() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    drop(breaker.admit().unwrap());
    assert_eq!((breaker.state(), breaker.ignored_count()), (State::Closed, 1));
    let breaker = build(CircuitBreaker::builder().failure_threshold(1).on_cancel(OnCancel::Failure));
    drop(breaker.admit().unwrap());
    assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 1));
}

#[test]
fn a_dropped_probe_gives_its_place_back() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker =
        build(CircuitBreaker::builder().failure_threshold(1).half_open_calls(1).success_threshold(1));
    play(&breaker, "F");
    clock.advance(60 * SECOND);
    for _ in 0..10 {
        let probe = breaker.admit().unwrap();
        breaker.admit().unwrap_err();
        drop(probe);
        assert_eq!(breaker.state(), State::HalfOpen);
    }
    assert_eq!(play(&breaker, "S"), "S");
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_dropped_probe_opens_again_where_cancelling_is_a_failure() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder().failure_threshold(1).on_cancel(OnCancel::Failure));
    play(&breaker, "F");
    clock.advance(60 * SECOND);
    drop(breaker.admit().unwrap());
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_future_dropped_half_way_is_a_cancelled_call() {
    let breaker = build(CircuitBreaker::builder());
    {
        let mut call = pin!(breaker.call_async(pending::<Result<(), Error>>));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(breaker.ignored_count(), 0);
    }
    assert_eq!(breaker.ignored_count(), 1);
}

#[test]
fn a_future_dropped_before_its_first_poll_was_no_call() {
    let breaker = build(CircuitBreaker::builder());
    drop(breaker.call_async(pending::<Result<(), Error>>));
    assert_eq!(breaker.ignored_count(), 0);
}

#[test]
fn a_panic_is_a_failure_and_goes_on() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(2));
    for _ in 0..2 {
        let caught =
            catch_unwind(AssertUnwindSafe(|| breaker.call(|| -> Result<(), Error> { panic!("on purpose") })));
        assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "on purpose");
    }
    assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 2));
}

#[test]
fn a_panic_in_a_probe_opens_again() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    play(&breaker, "F");
    clock.advance(60 * SECOND);
    catch_unwind(AssertUnwindSafe(|| breaker.call(|| -> Result<(), Error> { panic!("on purpose") })))
        .unwrap_err();
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_panic_in_the_judge_is_a_failure_too() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    let judged = || breaker.call_with(|| Ok::<_, Error>(()), |_| panic!("on purpose"));
    catch_unwind(AssertUnwindSafe(judged)).unwrap_err();
    assert_eq!(breaker.state(), State::Open);
}
