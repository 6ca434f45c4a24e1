use std::time::Duration;

use super::support::{SECOND, rate};
use crate::{
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, KeyedCircuitBreaker, Window},
    registry::Policy,
};

fn fault(config: CircuitBreakerConfig) -> &'static str {
    config.check().unwrap_err().option()
}

fn plain() -> CircuitBreakerConfig {
    CircuitBreakerConfig::new()
}

#[test]
fn the_defaults_are_those_of_the_vocabulary() {
    assert_eq!(plain().check(), Ok(()));
    assert_eq!(
        plain().to_string(),
        "failure_threshold = 5, success_threshold = 2, timeout = 60s, half_open_calls = 2"
    );
    assert_eq!(
        rate(0.5, 100).slow_call(SECOND).to_string(),
        "failure_rate = 0.5, window = 100, minimum_calls = 100, slow_call = 1s, slow_call_rate = 1, \
         success_threshold = 2, timeout = 60s, half_open_calls = 2"
    );
}

#[test]
fn zeros_are_refused() {
    assert_eq!(fault(plain().failure_threshold(0)), "failure_threshold");
    assert_eq!(fault(plain().success_threshold(0)), "success_threshold");
    assert_eq!(fault(plain().half_open_calls(0)), "half_open_calls");
    assert_eq!(fault(plain().timeout(Duration::ZERO)), "timeout");
    assert_eq!(fault(plain().max_keys(0)), "max_keys");
    assert_eq!(fault(rate(0.5, 0)), "window");
    assert_eq!(fault(rate(0.5, 10).minimum_calls(0)), "minimum_calls");
    assert_eq!(fault(rate(0.5, 10).slow_call(Duration::ZERO)), "slow_call");
    assert_eq!(fault(rate(0.5, 10).window(Window::Time(Duration::ZERO))), "window");
}

#[test]
fn rates_lie_above_zero_and_are_at_most_one() {
    for bad in [0.0, -0.5, 1.000_001, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(fault(rate(bad, 10)), "failure_rate");
        assert_eq!(fault(rate(0.5, 10).slow_call(SECOND).slow_call_rate(bad)), "slow_call_rate");
    }
    assert_eq!(rate(1.0, 10).check(), Ok(()));
    assert_eq!(rate(f64::MIN_POSITIVE, 10).check(), Ok(()));
}

#[test]
fn options_that_need_each_other_are_asked_for() {
    assert_eq!(fault(plain().failure_rate(0.5)), "failure_rate");
    assert_eq!(fault(plain().slow_call(SECOND)), "slow_call");
    assert_eq!(fault(plain().window(Window::Count(10))), "window");
    assert_eq!(fault(plain().minimum_calls(10)), "minimum_calls");
    assert_eq!(fault(rate(0.5, 10).slow_call_rate(0.5)), "slow_call_rate");
    assert_eq!(plain().slow_call(SECOND).window(Window::Count(10)).check(), Ok(()));
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    assert_eq!(fault(rate(0.5, 10).failure_threshold(5)), "failure_threshold");
}

#[test]
fn what_can_never_be_reached_is_refused() {
    assert_eq!(fault(rate(0.5, 10).minimum_calls(11)), "minimum_calls");
    assert_eq!(fault(rate(0.5, 1_000_001)), "window");
    assert_eq!(fault(plain().failure_threshold(1_000_001)), "failure_threshold");
    assert_eq!(fault(plain().max_timeout(59 * SECOND)), "max_timeout");
    assert_eq!(plain().max_timeout(60 * SECOND).check(), Ok(()));
    assert_eq!(rate(0.5, 10).minimum_calls(10).check(), Ok(()));
    assert_eq!(plain().success_threshold(5).half_open_calls(1).check(), Ok(()));
}

#[test]
fn the_windows_of_all_keys_stay_within_bounds() {
    let config = rate(0.5, 1_000_000);
    assert_eq!(config.build_keyed("test").unwrap_err().option(), "max_keys");
    assert!(config.max_keys(1000).build_keyed("test").is_ok());
}

#[test]
fn two_ways_to_say_the_same_are_one_configuration() {
    let build = |config: CircuitBreakerConfig| config.build("test").unwrap();
    let explicit = plain().failure_threshold(5).half_open_calls(2).timeout(60 * SECOND);
    assert!(build(plain()).same_config(&build(explicit)));
    assert!(!build(plain()).same_config(&build(plain().failure_threshold(6))));
}

#[test]
fn statics_are_checked_when_they_are_compiled() {
    static ONE: CircuitBreaker =
        CircuitBreaker::from_static("static.one", CircuitBreakerConfig::new().failure_threshold(1));
    static MANY: KeyedCircuitBreaker =
        KeyedCircuitBreaker::from_static("static.many", CircuitBreakerConfig::new().max_keys(10));
    ONE.admit().unwrap().success();
    MANY.get(&1).admit().unwrap().success();
    assert_eq!((ONE.success_count(), MANY.len()), (1, 1));
}

#[test]
fn the_longest_durations_do_not_overflow() {
    let breaker =
        plain().failure_threshold(1).timeout(Duration::MAX).max_timeout(Duration::MAX).build("test").unwrap();
    breaker.admit().unwrap().failure();
    assert!(breaker.time_left().unwrap() > 365 * 86_400 * SECOND);
    breaker.admit().unwrap_err();
    let config = plain().failure_rate(0.5).window(Window::Time(Duration::MAX));
    config.build("test").unwrap().admit().unwrap().failure();
}
