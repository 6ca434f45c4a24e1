use super::support::{SECOND, build, play, rate};
use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, State},
    clock::ManualClock,
};

#[test]
fn forced_open_refuses_however_long_it_takes() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder());
    breaker.force_open();
    clock.advance(10_000 * SECOND);
    assert_eq!(breaker.admit().unwrap_err(), Error::circuit_open("test", None));
    assert_eq!(
        (breaker.state(), breaker.time_left(), breaker.rejected_count()),
        (State::ForcedOpen, None, 1)
    );
    breaker.resume();
    assert_eq!(play(&breaker, "S"), "S");
}

#[test]
fn disabled_lets_everything_through_and_records_nothing() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    breaker.disable();
    assert_eq!(play(&breaker, "FFFSI"), "FFFSI");
    let counts = breaker.counts();
    assert_eq!((counts.failure_count, counts.success_count, counts.ignored_count), (0, 0, 0));
    assert_eq!((counts.state, counts.last_failure), (State::Disabled, None));
    breaker.resume();
    assert_eq!(play(&breaker, "FF"), "Fx");
}

#[test]
fn observe_only_records_and_moves_but_refuses_nothing() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(CircuitBreaker::builder().failure_threshold(2).timeout(10 * SECOND));
    breaker.observe_only();
    assert_eq!(play(&breaker, "FF"), "FF");
    assert_eq!((breaker.state(), breaker.observed_state()), (State::ObserveOnly, State::Open));
    assert_eq!(play(&breaker, "FSF"), "FSF");
    assert_eq!((breaker.failure_count(), breaker.rejected_count()), (4, 0));
    clock.advance(10 * SECOND);
    let probes: Vec<_> = (0..2).map(|_| breaker.admit().unwrap()).collect();
    assert_eq!(breaker.observed_state(), State::HalfOpen);
    let bystander = breaker.admit().unwrap();
    bystander.failure();
    assert_eq!(breaker.observed_state(), State::HalfOpen);
    probes.into_iter().for_each(|probe| probe.success());
    assert_eq!(breaker.observed_state(), State::Closed);
}

#[test]
fn what_was_let_through_while_open_does_not_touch_the_probes() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker =
        build(CircuitBreaker::builder().failure_threshold(1).half_open_calls(1).success_threshold(1));
    breaker.observe_only();
    play(&breaker, "F");
    let bystanders = (breaker.admit().unwrap(), breaker.admit().unwrap());
    clock.advance(60 * SECOND);
    let probe = breaker.admit().unwrap();
    bystanders.0.success();
    bystanders.1.failure();
    assert_eq!(breaker.observed_state(), State::HalfOpen);
    probe.success();
    assert_eq!(breaker.observed_state(), State::Closed);
}

#[test]
fn close_closes_at_once_with_an_empty_window_and_keeps_the_totals() {
    let breaker = build(rate(0.5, 4));
    play(&breaker, "FFFF");
    breaker.close();
    let counts = breaker.counts();
    assert_eq!((counts.state, counts.window_total, counts.failure_count), (State::Closed, 0, 4));
    play(&breaker, "FFF");
    breaker.close();
    assert_eq!(breaker.counts().window_total, 0);
}

#[test]
fn reset_returns_to_the_start_with_all_counts_at_zero() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(2));
    play(&breaker, "SSIFFS");
    breaker.force_open();
    play(&breaker, "S");
    breaker.reset();
    let fresh = build(CircuitBreaker::builder()).counts();
    assert_eq!(breaker.counts(), fresh);
    assert_eq!(play(&breaker, "SFFS"), "SFFx");
    assert_eq!((breaker.success_count(), breaker.failure_count(), breaker.rejected_count()), (1, 2, 1));
}

#[test]
fn an_order_makes_the_calls_in_flight_late() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    let permit = breaker.admit().unwrap();
    breaker.close();
    permit.failure();
    assert_eq!((breaker.state(), breaker.failure_count()), (State::Closed, 1));
}

#[test]
fn a_close_by_hand_returns_to_the_first_open_period() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config =
        CircuitBreaker::builder().failure_threshold(1).timeout(10 * SECOND).max_timeout(100 * SECOND);
    let breaker = build(config);
    play(&breaker, "F");
    clock.advance(10 * SECOND);
    play(&breaker, "F");
    assert_eq!(breaker.time_left(), Some(20 * SECOND));
    breaker.close();
    play(&breaker, "F");
    assert_eq!(breaker.time_left(), Some(10 * SECOND));
}

#[test]
fn resume_does_nothing_in_normal_operation_and_an_order_given_twice_nothing_more() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(1));
    play(&breaker, "F");
    breaker.resume();
    assert_eq!(breaker.state(), State::Open);
    breaker.observe_only();
    play(&breaker, "F");
    breaker.observe_only();
    assert_eq!(breaker.observed_state(), State::Open);
}
