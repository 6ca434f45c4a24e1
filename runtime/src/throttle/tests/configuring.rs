use super::*;
use crate::{registry::Policy, throttle::options::OPTIONS};

#[test]
fn what_makes_no_sense_is_refused_with_the_option_at_fault() {
    let new = ThrottleConfig::new;
    for (config, option) in [
        (new().k(0.99), "k"),
        (new().k(f64::NAN), "k"),
        (new().k(f64::INFINITY), "k"),
        (new().window(Duration::from_millis(999)), "window"),
        (new().minimum_calls(0), "minimum_calls"),
        (new().max_rejection_rate(0.0), "max_rejection_rate"),
        (new().max_rejection_rate(1.1), "max_rejection_rate"),
    ] {
        assert_eq!(config.check().unwrap_err().option(), option, "{config:?}");
        assert!(config.build("wrong").is_err());
    }
    assert_eq!(new().to_string(), "k = 2, window = 120s, minimum_calls = 10, max_rejection_rate = 0.9");
}

#[test]
fn every_option_is_read_and_shown_in_the_attributes_spelling() {
    let values = [("k", "1.5"), ("window", "30s"), ("minimum_calls", "50"), ("max_rejection_rate", "0.8")];
    let mut config = ThrottleConfig::new();
    for (option, (name, value)) in OPTIONS.iter().zip(values) {
        assert_eq!(option.name(), name);
        config = option.read(config, value).unwrap();
        assert_eq!(option.show(&config).as_deref(), Some(value));
    }
    assert_eq!(Throttle::check_config(&config.k(0.5)).unwrap_err().option(), "k");
}

#[test]
fn options_set_from_outside_hold_at_once() {
    fastrand::seed(1);
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = ThrottleConfig::new();
    let throttle = throttle(config);
    calls(&throttle, 1000, |_| false);
    assert_eq!(throttle.rejection_rate(), 0.9);
    let set = |config: ThrottleConfig, on: bool| {
        throttle.live().set(config, on);
        Policy::changed(&throttle);
    };
    set(config.max_rejection_rate(0.5), true);
    assert_eq!(throttle.rejection_rate(), 0.5);
    // Switched off, all pass and nothing is counted.
    let before = throttle.rejected_count();
    set(config, false);
    assert_eq!(calls(&throttle, 100, |_| false), 100);
    assert_eq!(throttle.rejected_count(), before);
    // Another window begins empty.
    set(config.window(secs(10)), true);
    assert_eq!(throttle.rejection_rate(), 0.0);
}
