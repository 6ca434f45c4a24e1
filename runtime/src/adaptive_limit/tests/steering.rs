//! Options that are set from outside while calls run.

use super::*;
use crate::{
    adaptive_limit::{Algorithm, options::OPTIONS},
    registry::Policy,
};

#[test]
fn every_option_is_read_and_shown_in_the_attributes_spelling() {
    let values = [
        ("algorithm", "aimd"),
        ("initial", "15"),
        ("min", "2"),
        ("max", "90"),
        ("backoff_ratio", "0.75"),
        ("latency_threshold", "250ms"),
        ("normal_share", "0.7"),
        ("sheddable_share", "0.2"),
    ];
    let mut config = AdaptiveLimitConfig::new();
    for (option, (name, value)) in OPTIONS.iter().zip(values) {
        assert_eq!(option.name(), name);
        config = option.read(config, value).unwrap();
        assert_eq!(option.show(&config).as_deref(), Some(value));
    }
    let threshold = &OPTIONS[5];
    assert_eq!(threshold.read(config, "none").unwrap().latency_threshold, None);
    assert!(OPTIONS[0].read(config, "vegas").is_err());
    assert_eq!(AdaptiveLimit::check_config(&config.min(0)).unwrap_err().option(), "min");
}

fn set(limit: &AdaptiveLimit, config: AdaptiveLimitConfig, on: bool) {
    limit.live().set(config, on);
    Policy::changed(limit);
}

#[test]
fn new_bounds_hold_at_once_and_calls_inside_keep_their_places() {
    let config = AdaptiveLimitConfig::new();
    let limit = limit(config);
    let inside: Vec<_> = (0..20).map(|_| enter(&limit)).collect();
    set(&limit, config.max(5), true);
    assert_eq!((limit.limit(), limit.in_flight()), (5, 20));
    assert!(limit.try_enter(Priority::Critical).is_err());
    set(&limit, config.min(30), true);
    assert_eq!(limit.limit(), 30);
    assert!(limit.try_enter(Priority::Critical).is_ok());
    drop(inside);
    assert_eq!(limit.in_flight(), 0);
}

#[test]
fn another_share_and_another_algorithm_are_followed() {
    let config = AdaptiveLimitConfig::new();
    let limit = limit(config);
    set(&limit, config.sheddable_share(0.05).algorithm(Algorithm::Aimd), true);
    let _inside = enter(&limit);
    assert!(limit.try_enter(Priority::Sheddable).is_err());
    let (clock, before) = (ManualClock::new(), limit.limit());
    let _installed = clock.install();
    for _ in 0..10 {
        wave(&limit, &clock, ms(20), Outcome::Overload);
    }
    assert_eq!(limit.baseline(), ms(0));
    assert!(limit.limit() < before);
}

#[test]
fn switched_off_it_lets_all_through_and_counts_nothing() {
    let config = AdaptiveLimitConfig::new().initial(1);
    let limit = limit(config);
    let counted = enter(&limit);
    set(&limit, config, false);
    let uncounted: Vec<_> = (0..50).map(|_| enter(&limit)).collect();
    assert_eq!((limit.in_flight(), limit.admitted_count()), (1, 1));
    set(&limit, config, true);
    assert!(limit.try_enter(Priority::Critical).is_err());
    // Each permit settles as it was given.
    uncounted.into_iter().for_each(Permit::success);
    assert_eq!(limit.in_flight(), 1);
    counted.success();
    assert_eq!(limit.in_flight(), 0);
    assert!(limit.try_enter(Priority::Critical).is_ok());
}
