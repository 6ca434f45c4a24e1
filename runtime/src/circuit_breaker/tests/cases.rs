//! The cases of the MicroProfile and SmallRye suites (see CASES.md), by their numbers.
//!
//! Our rule agrees with theirs on all of these. It differs on purpose where they have no case: half-open limits the
//! probes in flight, theirs the trials in total, so an ignored or dropped probe of ours can be tried again; and
//! `minimum_calls` may let a window be judged before it is full, where theirs must be full.

use std::time::Duration;

use super::support::{SECOND, build, play, rate};
use crate::{circuit_breaker::State, clock::ManualClock};

#[test]
fn cb_01_it_opens_when_the_window_is_full_of_failures() {
    let breaker = build(rate(0.75, 4).timeout(50 * SECOND));
    assert_eq!(play(&breaker, "FFFFFFF"), "FFFFxxx");
}

#[test]
fn cb_02_and_cb_07_it_closes_again_and_nobody_is_refused() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.75, 4).timeout(Duration::from_millis(1)));
    assert_eq!(play(&breaker, "FFFF"), "FFFF");
    clock.advance(SECOND / 2);
    assert_eq!(play(&breaker, "SSS"), "SSS");
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn cb_04_a_high_success_threshold_keeps_it_half_open() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.75, 4).success_threshold(3).timeout(SECOND));
    assert_eq!(play(&breaker, "FFFFF"), "FFFFx");
    clock.advance(2 * SECOND);
    assert_eq!(play(&breaker, "SS"), "SS");
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(play(&breaker, "FF"), "Fx");
}

#[test]
fn cb_05_four_failures_and_three_refusals() {
    let breaker = build(rate(0.75, 4).timeout(50 * SECOND));
    assert_eq!(play(&breaker, "FFFFFFF"), "FFFFxxx");
    assert_eq!((breaker.failure_count(), breaker.rejected_count()), (4, 3));
}

#[test]
fn cb_08_the_window_may_open_on_a_success() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "SFFSS"), "SFFSx");
}

#[test]
fn cb_10_a_window_that_is_not_full_is_not_judged() {
    let breaker = build(rate(0.75, 4));
    play(&breaker, "FFF");
    assert_eq!(breaker.state(), State::Closed);
    play(&breaker, "F");
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn cb_11_the_success_that_closes_is_not_in_the_new_window() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.75, 4).success_threshold(1).timeout(SECOND));
    assert_eq!(play(&breaker, "SFFFF"), "SFFFx");
    clock.advance(2 * SECOND);
    assert_eq!(play(&breaker, "SSFFFS"), "SSFFFx");
}

#[test]
fn cb_12_a_late_success_completes_the_window_and_opens() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.75, 4).success_threshold(1).timeout(SECOND));
    assert_eq!(play(&breaker, "FFFSS"), "FFFSx");
    clock.advance(2 * SECOND);
    assert_eq!(play(&breaker, "SFFFSS"), "SFFFSx");
}

#[test]
fn cb_18_the_window_decides_how_many_failures_it_takes() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "FFFFF"), "FFFFx");
}

#[test]
fn cb_20_after_a_close_it_takes_a_full_window_again() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.5, 10).success_threshold(2).timeout(SECOND));
    assert_eq!(play(&breaker, "FFFFFFFFFFS"), "FFFFFFFFFFx");
    clock.advance(SECOND);
    assert_eq!(play(&breaker, "SS"), "SS");
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(play(&breaker, "FFFFFFFFFFS"), "FFFFFFFFFFx");
    clock.advance(SECOND);
    assert_eq!(play(&breaker, "SFS"), "SFx");
}

#[test]
fn sr_14_one_failure_of_two_opens_again_and_again() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = build(rate(0.4, 2).success_threshold(1).timeout(Duration::from_millis(300)));
    assert_eq!(play(&breaker, "SSSSSFS"), "SSSSSFx");
    clock.advance(Duration::from_millis(300));
    assert_eq!(play(&breaker, "S"), "S");
    assert_eq!(breaker.success_count() + breaker.failure_count(), 7);
    play(&breaker, &"S".repeat(50));
    assert_eq!(play(&breaker, "FS"), "Fx");
    assert_eq!(breaker.success_count() + breaker.failure_count(), 58);
}

#[test]
fn sr_20_a_success_as_the_last_of_the_window_opens() {
    let breaker = build(rate(0.5, 4));
    assert_eq!(play(&breaker, "FFFSS"), "FFFSx");
}
