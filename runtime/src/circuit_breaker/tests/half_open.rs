use std::time::Duration;

use super::support::{SECOND, build, play, rate};
use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, State, Window},
    clock::{Instant, ManualClock},
};

fn config() -> CircuitBreakerConfig {
    CircuitBreaker::builder().failure_threshold(1).timeout(10 * SECOND)
}

fn half_open(config: CircuitBreakerConfig, clock: &ManualClock) -> CircuitBreaker {
    let breaker = build(config);
    play(&breaker, "F");
    clock.advance(10 * SECOND);
    breaker
}

#[test]
fn it_becomes_half_open_with_the_first_call_after_the_open_period() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config(), &clock);
    assert_eq!((breaker.state(), breaker.time_left()), (State::Open, Some(Duration::ZERO)));
    let probe = breaker.admit().unwrap();
    assert_eq!((breaker.state(), breaker.time_left()), (State::HalfOpen, None));
    probe.success();
}

#[test]
fn half_open_admits_as_many_probes_at_a_time_as_permitted() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().half_open_calls(3), &clock);
    let probes: Vec<_> = (0..3).map(|_| breaker.admit().unwrap()).collect();
    assert_eq!(breaker.admit().unwrap_err(), Error::circuit_open("test", None));
    assert_eq!(breaker.rejected_count(), 1);
    probes.into_iter().for_each(|probe| probe.ignore());
}

#[test]
fn by_default_as_many_probes_run_as_successes_are_needed() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().success_threshold(4), &clock);
    let probes: Vec<_> = (0..4).map(|_| breaker.admit().unwrap()).collect();
    breaker.admit().unwrap_err();
    probes.into_iter().for_each(|probe| probe.success());
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn enough_successes_close_even_one_at_a_time() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().success_threshold(3).half_open_calls(1), &clock);
    play(&breaker, "SS");
    assert_eq!(breaker.state(), State::HalfOpen);
    play(&breaker, "S");
    assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 0));
}

#[test]
fn one_failed_probe_opens_again_for_the_same_period() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().success_threshold(3), &clock);
    assert_eq!(play(&breaker, "SSFS"), "SSFx");
    assert_eq!(breaker.time_left(), Some(10 * SECOND));
}

#[test]
fn an_ignored_probe_gives_its_place_back_and_decides_nothing() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().half_open_calls(1), &clock);
    assert_eq!(play(&breaker, "IIIIS"), "IIIIS");
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(play(&breaker, "S"), "S");
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn the_successes_of_an_earlier_half_open_period_do_not_count() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config(), &clock);
    play(&breaker, "SF");
    clock.advance(10 * SECOND);
    play(&breaker, "S");
    assert_eq!(breaker.state(), State::HalfOpen);
}

#[test]
fn the_open_period_doubles_up_to_the_longest_and_returns_after_a_close() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(config().max_timeout(35 * SECOND).success_threshold(1));
    play(&breaker, "F");
    let mut periods = Vec::new();
    for _ in 0..4 {
        let left = breaker.time_left().unwrap();
        periods.push(left.as_secs());
        clock.advance(left);
        assert_eq!(play(&breaker, "F"), "F");
    }
    assert_eq!(periods, [10, 20, 35, 35]);
    clock.advance(35 * SECOND);
    assert_eq!(play(&breaker, "SF"), "SF");
    assert_eq!(breaker.time_left(), Some(10 * SECOND));
}

#[test]
fn a_late_result_of_an_earlier_state_changes_nothing_but_the_totals() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(config().success_threshold(1));
    let (late_failure, late_success) = (breaker.admit().unwrap(), breaker.admit().unwrap());
    play(&breaker, "F");
    clock.advance(10 * SECOND);
    let probe = breaker.admit().unwrap();
    let before = breaker.counts();
    late_failure.failure();
    assert_eq!(breaker.state(), State::HalfOpen);
    late_success.success();
    assert_eq!(breaker.state(), State::HalfOpen);
    breaker.admit().unwrap_err();
    assert_eq!(breaker.failure_count(), before.failure_count + 1);
    probe.success();
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn late_results_neither_end_nor_lengthen_the_run_of_a_later_closed_state() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(config().failure_threshold(3).success_threshold(1));
    let late: Vec<_> = (0..4).map(|_| breaker.admit().unwrap()).collect();
    play(&breaker, "FFF");
    clock.advance(10 * SECOND);
    play(&breaker, "SF");
    assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 1));
    for (at, permit) in late.into_iter().enumerate() {
        if at % 2 == 0 {
            permit.success()
        } else {
            permit.failure()
        }
        assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 1));
    }
}

#[test]
fn late_results_do_not_enter_the_window_of_a_later_closed_state() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.5, 2).success_threshold(1).timeout(10 * SECOND));
    let late: Vec<_> = (0..4).map(|_| breaker.admit().unwrap()).collect();
    play(&breaker, "FF");
    clock.advance(10 * SECOND);
    play(&breaker, "S");
    late.into_iter().for_each(|permit| permit.failure());
    let counts = breaker.counts();
    assert_eq!((counts.state, counts.window_total, counts.failure_count), (State::Closed, 0, 6));
}

#[test]
fn a_late_probe_neither_gives_back_a_place_nor_closes() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config(), &clock);
    let late = breaker.admit().unwrap();
    play(&breaker, "F");
    clock.advance(10 * SECOND);
    let _probes = (breaker.admit().unwrap(), breaker.admit().unwrap());
    late.success();
    assert_eq!(breaker.state(), State::HalfOpen);
    breaker.admit().unwrap_err();
}

#[test]
fn a_slow_probe_counts_as_a_failed_one() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = half_open(config().slow_call(SECOND).window(Window::Count(10)), &clock);
    let probe = breaker.admit().unwrap();
    clock.advance(SECOND);
    probe.success();
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_clock_that_was_set_back_does_not_keep_it_open_for_long() {
    let breaker = build(config());
    let late = ManualClock::new();
    late.advance_to(Instant::from_nanos(u64::MAX / 2));
    {
        let _installed = late.install();
        play(&breaker, "F");
    }
    let early = ManualClock::new();
    let _installed = early.install();
    assert_eq!(breaker.time_left(), Some(10 * SECOND));
    assert_eq!(breaker.admit().unwrap_err(), Error::circuit_open("test", Some(10 * SECOND)));
    early.advance(10 * SECOND);
    assert_eq!(play(&breaker, "S"), "S");
}
