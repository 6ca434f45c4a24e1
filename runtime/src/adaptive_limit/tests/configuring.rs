use std::time::Duration;

use super::*;
use crate::adaptive_limit::Algorithm;

#[test]
fn what_makes_no_sense_is_refused_with_the_option_at_fault() {
    let new = AdaptiveLimitConfig::new;
    for (config, option) in [
        (new().min(0), "min"),
        (new().min(5).max(4), "max"),
        (new().min(5).initial(4), "initial"),
        (new().max(5).initial(6), "initial"),
        (new().backoff_ratio(1.0), "backoff_ratio"),
        (new().backoff_ratio(0.0), "backoff_ratio"),
        (new().backoff_ratio(f64::NAN), "backoff_ratio"),
        (new().latency_threshold(Duration::ZERO), "latency_threshold"),
        (new().normal_share(0.0), "normal_share"),
        (new().normal_share(1.5), "normal_share"),
        (new().sheddable_share(0.9), "sheddable_share"),
        (new().sheddable_share(f64::NAN), "sheddable_share"),
    ] {
        assert_eq!(config.check().unwrap_err().option(), option, "{config:?}");
        assert!(config.build("wrong").is_err());
    }
    assert!(new().check().is_ok() && new().min(3).max(3).check().is_ok());
}

#[test]
fn the_first_limit_lies_within_the_bounds() {
    let first = |config: AdaptiveLimitConfig| limit(config).limit();
    assert_eq!(first(AdaptiveLimitConfig::new()), 20);
    assert_eq!(first(AdaptiveLimitConfig::new().max(7)), 7);
    assert_eq!(first(AdaptiveLimitConfig::new().min(50)), 50);
    assert_eq!(first(AdaptiveLimitConfig::new().initial(3)), 3);
}

#[test]
fn a_configuration_is_told_as_it_is_written() {
    let config = AdaptiveLimitConfig::new();
    assert_eq!(
        config.to_string(),
        "algorithm = gradient, initial = 20, min = 1, max = 1000, normal_share = 0.8, sheddable_share = 0.5"
    );
    let aimd = config.algorithm(Algorithm::Aimd).latency_threshold(ms(50));
    assert!(aimd.to_string().contains("backoff_ratio = 0.9, latency_threshold = 50ms"));
}

#[test]
fn who_matters_less_is_refused_first_and_one_place_is_for_everyone() {
    let limit = limit(AdaptiveLimitConfig::new().initial(10));
    let mut inside = Vec::new();
    let mut fill = |priority| {
        while let Ok(permit) = limit.try_enter(priority) {
            inside.push(permit);
        }
        inside.len()
    };
    let counts = Priority::ALL.map(&mut fill);
    assert_eq!(counts, [5, 8, 10]);
    assert_eq!(Priority::ALL.map(|priority| limit.rejected_of(priority)), [1, 1, 1]);

    let one = super::limit(AdaptiveLimitConfig::new().initial(1).sheddable_share(0.1));
    assert!(one.try_enter(Priority::Sheddable).is_ok());
}
