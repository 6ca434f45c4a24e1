use super::support::{SECOND, build, play, rate};
use crate::{
    circuit_breaker::{CircuitBreaker, State, Window},
    clock::ManualClock,
};

#[test]
fn a_rate_is_not_judged_before_the_minimum_of_calls_is_in_the_window() {
    let breaker = build(rate(0.5, 10).minimum_calls(4));
    assert_eq!(play(&breaker, "FFFFS"), "FFFFx");
    let breaker = build(rate(0.5, 10));
    assert_eq!(play(&breaker, "FFFFFFFFFFS"), "FFFFFFFFFFx");
}

#[test]
fn a_rate_that_is_just_reached_opens() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "SSFFS"), "SSFFx");
    let breaker = build(rate(0.51, 4));
    assert_eq!(play(&breaker, "SSFFS"), "SSFFS");
}

#[test]
fn equal_is_equal_for_every_rate_in_hundredths() {
    for hundredths in 1..=100_u32 {
        let breaker = build(rate(f64::from(hundredths) / 100.0, 100));
        let script = "F".repeat(hundredths as usize - 1) + &"S".repeat(100 - hundredths as usize);
        play(&breaker, &script);
        assert_eq!(breaker.state(), State::Closed);
        play(&breaker, "F");
        assert_eq!(breaker.state(), State::Open, "{hundredths}");
    }
    let literal = build(rate(0.07, 100));
    play(&literal, &("F".repeat(7) + &"S".repeat(93)));
    assert_eq!(literal.state(), State::Open);
}

#[test]
fn a_success_may_complete_the_window_and_open() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "FFSSS"), "FFSSx");
}

#[test]
fn a_count_window_is_exactly_the_last_outcomes() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "SSSFSSSFSSSF"), "SSSFSSSFSSSF");
    assert_eq!(play(&breaker, "FS"), "Fx");
}

#[test]
fn ignored_outcomes_take_no_place_in_the_window() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "FIIIIFII"), "FIIIIFII");
    assert_eq!(breaker.counts().window_total, 2);
    assert_eq!(play(&breaker, "SSS"), "SSx");
}

#[test]
fn outcomes_leave_a_time_window_when_they_are_as_old_as_it_is_long() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config =
        CircuitBreaker::builder().failure_rate(0.5).window(Window::Time(20 * SECOND)).minimum_calls(3);
    let breaker = build(config);
    play(&breaker, "FF");
    clock.advance(19 * SECOND);
    assert_eq!(breaker.counts().window_failures, 2);
    clock.advance(SECOND);
    assert_eq!(breaker.counts().window_failures, 0);
    assert_eq!(play(&breaker, "FSSS"), "FSSS");
    assert_eq!(play(&breaker, "FFS"), "FFx");
}

#[test]
fn a_time_window_slides_in_at_least_ten_steps() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config =
        CircuitBreaker::builder().failure_rate(1.0).window(Window::Time(10 * SECOND)).minimum_calls(1000);
    let breaker = build(config);
    for _ in 0..10 {
        play(&breaker, "F");
        clock.advance(SECOND);
    }
    let mut held = vec![breaker.counts().window_total];
    for _ in 0..9 {
        clock.advance(SECOND);
        held.push(breaker.counts().window_total);
    }
    assert_eq!(held, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn a_time_window_judges_after_ten_calls_unless_told_otherwise() {
    let breaker = build(CircuitBreaker::builder().failure_rate(0.5).window(Window::Time(20 * SECOND)));
    assert_eq!(play(&breaker, "FFFFFFFFFFF"), "FFFFFFFFFFx");
}

#[test]
fn a_change_of_state_empties_the_window() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.5, 4).success_threshold(1).timeout(SECOND));
    play(&breaker, "FFFF");
    clock.advance(SECOND);
    assert_eq!(play(&breaker, "S"), "S");
    assert_eq!((breaker.state(), breaker.counts().window_total), (State::Closed, 0));
    assert_eq!(play(&breaker, "FFFFF"), "FFFFx");
}

fn slow(breaker: &CircuitBreaker, clock: &ManualClock, millis: u64) {
    let permit = breaker.admit().unwrap();
    clock.advance(std::time::Duration::from_millis(millis));
    permit.success();
}

#[test]
fn slow_calls_open_by_their_own_rate() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(1.0, 4).slow_call(SECOND).slow_call_rate(0.5));
    slow(&breaker, &clock, 999);
    slow(&breaker, &clock, 1000);
    slow(&breaker, &clock, 1);
    assert_eq!((breaker.state(), breaker.counts().window_slow), (State::Closed, 1));
    slow(&breaker, &clock, 5000);
    assert_eq!((breaker.state(), breaker.success_count()), (State::Open, 4));
}

#[test]
fn slow_calls_alone_must_fill_the_window_unless_a_rate_is_given() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = CircuitBreaker::builder().slow_call(SECOND).window(Window::Count(3));
    let breaker = build(config);
    slow(&breaker, &clock, 1000);
    slow(&breaker, &clock, 0);
    slow(&breaker, &clock, 1000);
    slow(&breaker, &clock, 1000);
    assert_eq!(breaker.state(), State::Closed);
    slow(&breaker, &clock, 1000);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn beside_slow_calls_failures_in_a_row_still_open_where_no_failure_rate_is_given() {
    let config = CircuitBreaker::builder().slow_call(SECOND).window(Window::Count(100));
    let breaker = build(config);
    assert_eq!(play(&breaker, "FFFFSFFFFFF"), "FFFFSFFFFFx");
    let breaker = build(config.failure_threshold(2));
    assert_eq!(play(&breaker, "FFF"), "FFx");
    let breaker = build(config.failure_rate(1.0));
    assert_eq!(play(&breaker, "FFFFFFFF"), "FFFFFFFF");
}

#[test]
fn a_slow_failure_counts_once_and_in_both_rates() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(1.0, 10).slow_call(SECOND));
    let permit = breaker.admit().unwrap();
    clock.advance(SECOND);
    permit.failure();
    let counts = breaker.counts();
    assert_eq!((counts.window_total, counts.window_failures, counts.window_slow), (1, 1, 1));
}
