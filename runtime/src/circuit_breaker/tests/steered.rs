//! Options that are changed from outside while the breaker runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::support::{SECOND, build, hear, play, rate, steer};
use crate::{
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, OnCancel, State, Window},
    clock::ManualClock,
    registry::Policy,
};

fn builder() -> CircuitBreakerConfig {
    CircuitBreaker::builder()
}

#[test]
fn a_lowered_threshold_counts_the_failures_that_were_there_and_opens_with_the_next() {
    let breaker = build(builder().failure_threshold(10));
    assert_eq!(play(&breaker, "FFFF"), "FFFF");
    steer(&breaker, builder().failure_threshold(3), true);
    assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 4));
    assert_eq!(play(&breaker, "FF"), "Fx");
}

#[test]
fn a_lowered_rate_is_judged_with_the_next_outcome_though_it_is_a_success() {
    let breaker = build(rate(0.9, 10));
    assert_eq!(play(&breaker, "FFFFFSSSSS"), "FFFFFSSSSS");
    steer(&breaker, rate(0.4, 10), true);
    // The oldest failure leaves the window: four of ten are left.
    assert_eq!(play(&breaker, "SS"), "Sx");
}

#[test]
fn a_window_of_another_size_starts_empty_and_calls_in_flight_are_late() {
    let breaker = build(rate(1.0, 4));
    assert_eq!(play(&breaker, "FFF"), "FFF");
    let in_flight = breaker.admit().unwrap();
    steer(&breaker, rate(1.0, 2), true);
    in_flight.failure();
    assert_eq!(
        (breaker.state(), breaker.counts().window_total, breaker.failure_count()),
        (State::Closed, 0, 4)
    );
    assert_eq!(play(&breaker, "FFF"), "FFx");
}

#[test]
fn a_window_that_stays_keeps_its_outcomes_and_its_calls_in_flight() {
    let breaker = build(rate(1.0, 4).minimum_calls(4));
    assert_eq!(play(&breaker, "FF"), "FF");
    let in_flight = breaker.admit().unwrap();
    steer(&breaker, rate(1.0, 4).minimum_calls(3), true);
    in_flight.failure();
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn an_open_period_under_way_ends_as_it_was_begun_and_the_next_is_the_new_one() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = builder().failure_threshold(1).success_threshold(1);
    let breaker = build(config.timeout(60 * SECOND));
    assert_eq!(play(&breaker, "F"), "F");
    clock.advance(10 * SECOND);
    steer(&breaker, config.timeout(5 * SECOND), true);
    assert_eq!(
        (breaker.time_left(), breaker.admit().unwrap_err().retry_after()),
        (Some(50 * SECOND), Some(50 * SECOND))
    );
    clock.advance(50 * SECOND);
    assert_eq!(play(&breaker, "F"), "F");
    assert_eq!(breaker.time_left(), Some(5 * SECOND));
    clock.advance(5 * SECOND);
    assert_eq!((play(&breaker, "S"), breaker.state()), ("S".to_owned(), State::Closed));
}

#[test]
fn an_open_period_that_doubles_goes_on_from_where_it_is() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = builder().failure_threshold(1).timeout(SECOND);
    let breaker = build(config);
    assert_eq!(play(&breaker, "F"), "F");
    steer(&breaker, config.max_timeout(3 * SECOND), true);
    for expected in [2, 3, 3] {
        clock.advance(3 * SECOND);
        assert_eq!(play(&breaker, "F"), "F");
        assert_eq!(breaker.time_left(), Some(expected * SECOND));
    }
}

#[test]
fn fewer_probes_let_those_in_flight_finish() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = builder().failure_threshold(1).timeout(SECOND).success_threshold(3);
    let breaker = build(config);
    assert_eq!(play(&breaker, "F"), "F");
    clock.advance(SECOND);
    let probes: Vec<_> = (0..3).map(|_| breaker.admit().unwrap()).collect();
    steer(&breaker, config.half_open_calls(1), true);
    let mut probes = probes.into_iter();
    for _ in 0..2 {
        assert!(breaker.admit().is_err());
        probes.next().unwrap().success();
    }
    assert!(breaker.admit().is_err(), "one is in flight, and only one may be");
    probes.next().unwrap().success();
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_call_that_began_before_calls_were_timed_is_not_slow() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    clock.advance(1000 * SECOND);
    let breaker = build(builder().failure_threshold(1));
    let in_flight = breaker.admit().unwrap();
    steer(&breaker, builder().slow_call(SECOND).window(Window::Count(1)), true);
    in_flight.success();
    assert_eq!((breaker.state(), breaker.counts().window_slow), (State::Closed, 0));
    let slow = breaker.admit().unwrap();
    clock.advance(SECOND);
    slow.success();
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn what_a_dropped_call_counts_as_is_what_is_in_force_when_it_is_dropped() {
    let breaker = build(builder().failure_threshold(1));
    let permit = breaker.admit().unwrap();
    steer(&breaker, builder().failure_threshold(1).on_cancel(OnCancel::Failure), true);
    drop(permit);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn switched_off_it_lets_every_call_through_and_counts_nothing_and_on_again_it_is_closed() {
    const NAME: &str = "breaker.steered.off_and_on";
    let breaker = builder().failure_threshold(1).build(NAME).unwrap();
    let config = *breaker.config();
    let (_subscription, heard) = hear(NAME);
    assert_eq!(play(&breaker, "FS"), "Fx");
    steer(&breaker, config, false);
    assert_eq!((breaker.state(), play(&breaker, "FFFS")), (State::Disabled, "FFFS".to_owned()));
    assert_eq!((breaker.failure_count(), breaker.success_count()), (1, 0));
    steer(&breaker, config, true);
    assert_eq!((breaker.state(), play(&breaker, "SFS")), (State::Closed, "SFx".to_owned()));
    let expected = [
        (State::Closed, State::Open),
        (State::Open, State::Disabled),
        (State::Disabled, State::Closed),
        (State::Closed, State::Open),
    ];
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[test]
fn off_stands_above_orders_which_are_remembered() {
    let breaker = build(builder());
    let config = *breaker.config();
    breaker.force_open();
    steer(&breaker, config, false);
    assert_eq!((breaker.state(), play(&breaker, "SF")), (State::Disabled, "SF".to_owned()));
    steer(&breaker, config, true);
    assert_eq!((breaker.state(), play(&breaker, "S")), (State::ForcedOpen, "x".to_owned()));
    steer(&breaker, config, false);
    breaker.observe_only();
    assert_eq!(breaker.state(), State::Disabled);
    steer(&breaker, config, true);
    assert_eq!(breaker.state(), State::ObserveOnly);
    steer(&breaker, config, false);
    breaker.reset();
    assert_eq!(breaker.state(), State::Disabled);
    steer(&breaker, config, true);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn an_order_holds_whatever_options_are_changed() {
    let breaker = build(builder());
    breaker.disable();
    steer(&breaker, rate(0.5, 10), true);
    assert_eq!(breaker.state(), State::Disabled);
    breaker.force_open();
    steer(&breaker, rate(0.5, 20), true);
    assert_eq!(breaker.state(), State::ForcedOpen);
}

#[test]
fn breakers_of_all_keys_follow_those_that_are_there_and_those_to_come() {
    let config = builder().failure_threshold(5).max_keys(10);
    let hosts = config.build_keyed("hosts").unwrap();
    let old = hosts.get("old");
    play(&old, "F");
    let set = |config, on| {
        assert!(Policy::live(&hosts).unwrap().set(config, on));
        Policy::changed(&hosts);
    };
    set(config.failure_threshold(2), true);
    assert_eq!(play(&old, "FF"), "Fx");
    assert_eq!(play(&hosts.get("new"), "FFF"), "FFx");
    assert_eq!(hosts.config().run_limit(), Some(2));
    set(config.failure_threshold(2), false);
    for key in ["old", "new", "newer"] {
        assert_eq!(
            (hosts.get(key).state(), play(&hosts.get(key), "FFF")),
            (State::Disabled, "FFF".to_owned()),
            "{key}"
        );
    }
    set(config, true);
    assert_eq!(play(&hosts.get("newer"), "FFFFFF"), "FFFFFx");
    drop(old);
    set(config.max_keys(1), true);
    assert_eq!((hosts.len(), hosts.get("newer").state()), (1, State::Open), "the open one stays");
    set(config.max_keys(100), true);
    (0..100).for_each(|key| drop(hosts.get(&key)));
    assert_eq!(hosts.len(), 100);
}

#[test]
fn no_call_is_lost_or_counted_twice_while_options_change() {
    let (counted, calls) = under_load(|_| true);
    assert_eq!(counted, calls);
}

#[test]
fn no_call_is_counted_twice_and_no_probe_is_lost_while_it_is_switched_off_and_on() {
    let (counted, calls) = under_load(|random| random.bool());
    assert!(counted <= calls, "{counted} of {calls}");
}

/// Four threads make calls of every kind while another one changes options all the time. How many calls it counted, and how
/// many there were. Whatever it went through, in the end it opens, and closes by probes: no place is lost.
fn under_load(is_on: impl Fn(&mut fastrand::Rng) -> bool + Sync) -> (u64, u64) {
    let breaker = build(builder().failure_threshold(3).timeout(std::time::Duration::from_micros(50)));
    let base = *breaker.config();
    let (calls, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|seed| {
                let (breaker, calls) = (&breaker, &calls);
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    for _ in 0..50_000 {
                        calls.fetch_add(1, Ordering::Relaxed);
                        let Ok(permit) = breaker.admit() else { continue };
                        match random.u32(..8) {
                            0..=2 => permit.failure(),
                            3 => permit.ignore(),
                            4 => drop(permit),
                            _ => permit.success(),
                        }
                    }
                })
            })
            .collect();
        let (breaker, done, is_on) = (&breaker, &done, &is_on);
        scope.spawn(move || {
            let with = |config: CircuitBreakerConfig| config.timeout(base.timeout);
            let configs = [
                with(base),
                with(base.failure_threshold(7)),
                with(rate(0.5, 10)),
                with(rate(0.7, 10).minimum_calls(2)),
                with(rate(0.5, 64)).slow_call(SECOND),
                with(builder().failure_rate(0.3).window(Window::Time(SECOND))),
            ];
            let mut random = fastrand::Rng::with_seed(99);
            while !done.load(Ordering::Relaxed) {
                steer(breaker, configs[random.usize(..configs.len())], is_on(&mut random));
            }
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    let counts = breaker.counts();
    let counted = counts.success_count + counts.failure_count + counts.ignored_count + counts.rejected_count;
    let clock = ManualClock::new();
    let _installed = clock.install();
    steer(&breaker, base.timeout(SECOND), true);
    // Wherever it is now, successes close it unless the place of a probe is lost.
    for _ in 0..4 {
        play(&breaker, "SS");
        clock.advance(SECOND);
    }
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(play(&breaker, "FFFS"), "FFFx");
    clock.advance(SECOND);
    assert_eq!((play(&breaker, "SS"), breaker.state()), ("SS".to_owned(), State::Closed));
    (counted, calls.load(Ordering::Relaxed))
}
