use super::*;
use crate::{Error, Kind, throttle::Outcome};

#[test]
fn while_the_server_accepts_one_call_in_k_none_is_refused() {
    let throttle = throttle(ThrottleConfig::new());
    assert_eq!(calls(&throttle, 10_000, |call| call % 2 == 0), 10_000);
    assert_eq!((throttle.rejection_rate(), throttle.refused_count()), (0.0, 0));
}

#[test]
fn of_a_server_that_accepts_fewer_k_times_as_many_are_sent_as_it_accepts() {
    fastrand::seed(2);
    let clock = ManualClock::new();
    let _installed = clock.install();
    for (k, capacity) in [(2.0, 100), (1.5, 100), (1.1, 200)] {
        let throttle = throttle(ThrottleConfig::new().k(k));
        let (mut sent, mut seconds) = (0.0, 0);
        // A thousand calls a second to a server that does a few hundred.
        for second in 0..300 {
            let now = calls(&throttle, 1000, |call| call < capacity);
            clock.advance(secs(1));
            if second >= 150 {
                sent += now as f64;
                seconds += 1;
            }
        }
        let per_second = sent / f64::from(seconds);
        let expected = (k * capacity as f64).max(100.0);
        assert!((per_second / expected - 1.0).abs() < 0.1, "{per_second} for {expected}");
    }
}

#[test]
fn some_calls_go_through_however_many_were_rejected_and_tell_of_the_recovery() {
    fastrand::seed(3);
    let clock = ManualClock::new();
    let _installed = clock.install();
    let throttle = throttle(ThrottleConfig::new());
    for _ in 0..300 {
        calls(&throttle, 100, |_| false);
        clock.advance(secs(1));
    }
    let sent = calls(&throttle, 10_000, |_| false);
    assert!((900..1100).contains(&sent), "{sent}");
    clock.advance(secs(1));
    // It is back; three windows later all calls go through.
    for _ in 0..360 {
        calls(&throttle, 100, |_| true);
        clock.advance(secs(1));
    }
    assert_eq!(calls(&throttle, 1000, |_| true), 1000);
}

#[test]
fn few_calls_say_nothing() {
    let throttle = throttle(ThrottleConfig::new().minimum_calls(50));
    assert_eq!(calls(&throttle, 49, |_| false), 49);
    assert_eq!(throttle.rejection_rate(), 0.0);
    calls(&throttle, 1, |_| false);
    assert_eq!(throttle.rejection_rate(), 0.9);
}

#[test]
fn a_dropped_call_and_other_errors_count_as_nothing() {
    let throttle = throttle(ThrottleConfig::new());
    for _ in 0..100 {
        drop(throttle.admit().unwrap());
        let other = || Err::<(), _>(Error::circuit_open("below", None));
        throttle.call_with(other, Outcome::of_classified).unwrap_err();
    }
    assert_eq!(
        (throttle.accepted_count(), throttle.rejected_count(), throttle.rejection_rate()),
        (0, 0, 0.0)
    );
}

#[test]
fn a_reset_forgets_the_window_and_keeps_the_counts() {
    fastrand::seed(4);
    let throttle = throttle(ThrottleConfig::new());
    calls(&throttle, 1000, |_| false);
    let refused = throttle.refused_count();
    assert!(refused > 0);
    assert_eq!(
        throttle
            .admit()
            .err()
            .or_else(|| throttle.admit().err())
            .map(|error| error.kind())
            .unwrap_or(Kind::ClientThrottled),
        Kind::ClientThrottled
    );
    throttle.reset();
    assert_eq!(throttle.rejection_rate(), 0.0);
    assert!(throttle.refused_count() >= refused);
}

#[test]
fn the_same_seed_refuses_the_same_calls() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let run = || {
        fastrand::seed(9);
        let throttle = throttle(ThrottleConfig::new());
        (0..500).map(|_| throttle.admit().map(super::super::Permit::rejected).is_ok()).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}
