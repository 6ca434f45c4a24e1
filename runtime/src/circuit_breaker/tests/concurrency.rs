use std::sync::{
    Barrier,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use super::support::{SECOND, build, play, rate};
use crate::{
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, State, Window},
    clock::ManualClock,
};

/// Eight threads make calls of every kind while the breaker goes through its states; every call is counted once.
fn hammer(config: CircuitBreakerConfig) {
    const EACH: u64 = 20_000;
    let breaker = build(config.timeout(std::time::Duration::from_micros(50)));
    let admitted = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for seed in 0..8 {
            let (breaker, admitted) = (&breaker, &admitted);
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..EACH {
                    let Ok(permit) = breaker.admit() else { continue };
                    admitted.fetch_add(1, Ordering::Relaxed);
                    match random.u32(..8) {
                        0..=2 => permit.failure(),
                        3 => permit.ignore(),
                        4 => drop(permit),
                        _ => permit.success(),
                    }
                }
            });
        }
    });
    let counts = breaker.counts();
    let settled = counts.success_count + counts.failure_count + counts.ignored_count;
    assert_eq!(settled, admitted.load(Ordering::Relaxed));
    assert_eq!(settled + counts.rejected_count, 8 * EACH);
}

#[test]
fn no_call_is_lost_or_counted_twice_in_consecutive_mode() {
    hammer(CircuitBreaker::builder().failure_threshold(3));
}

#[test]
fn no_call_is_lost_or_counted_twice_with_a_count_window() {
    hammer(rate(0.6, 20));
}

#[test]
fn no_call_is_lost_or_counted_twice_with_a_time_window_and_slow_calls() {
    let window = Window::Time(std::time::Duration::from_millis(1));
    hammer(CircuitBreaker::builder().failure_rate(0.6).window(window).slow_call(SECOND));
}

#[test]
fn failures_of_many_threads_make_one_run() {
    let breaker = build(CircuitBreaker::builder().failure_threshold(8001));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| play(&breaker, &"F".repeat(1000)));
        }
    });
    assert_eq!((breaker.consecutive_failures(), breaker.state()), (8000, State::Closed));
    play(&breaker, "F");
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn many_threads_open_it_exactly_once() {
    for _ in 0..50 {
        let breaker = build(CircuitBreaker::builder().failure_threshold(4));
        let barrier = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let permit = breaker.admit().unwrap();
                    barrier.wait();
                    permit.failure();
                });
            }
        });
        assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 8));
    }
}

#[test]
fn probes_in_flight_never_exceed_their_number() {
    let clock = ManualClock::new();
    let breaker =
        build(CircuitBreaker::builder().failure_threshold(1).half_open_calls(3).success_threshold(1_000_000));
    {
        let _installed = clock.install();
        play(&breaker, "F");
    }
    clock.advance(60 * SECOND);
    let (running, most) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for seed in 0..8 {
            let (breaker, clock, running, most) = (&breaker, &clock, &running, &most);
            scope.spawn(move || {
                let _installed = clock.install();
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..5000 {
                    let Ok(permit) = breaker.admit() else { continue };
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    running.fetch_sub(1, Ordering::SeqCst);
                    match random.u32(..3) {
                        0 => permit.ignore(),
                        1 => drop(permit),
                        _ => permit.success(),
                    }
                }
            });
        }
    });
    assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
    let _installed = clock.install();
    let probes: Vec<_> = (0..3).map(|_| breaker.admit().unwrap()).collect();
    breaker.admit().unwrap_err();
    drop(probes);
}
