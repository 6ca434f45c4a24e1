//! What can be configured and what cannot.

use std::time::Duration;

use super::{Algorithm, ms};
use crate::rate_limit::{KeyedRateLimiter, Rate, RateLimitConfig, RateLimiter};

#[test]
fn rates_are_read_as_they_are_written() {
    for (text, rate) in [
        ("100/s", Rate::per_second(100)),
        ("5/min", Rate::per_minute(5)),
        ("5 / m", Rate::per_minute(5)),
        ("1000/h", Rate::per_hour(1000)),
        ("1_000/d", Rate::new(1000, Duration::from_secs(86_400))),
        ("10/250ms", Rate::new(10, ms(250))),
        ("3/10 s", Rate::new(3, Duration::from_secs(10))),
        ("7/500us", Rate::new(7, Duration::from_micros(500))),
        ("1/1ns", Rate::new(1, Duration::from_nanos(1))),
    ] {
        assert_eq!(Rate::parse(text), Ok(rate), "{text}");
        assert_eq!(rate.to_string().parse(), Ok(rate), "{rate}");
    }
}

#[test]
fn what_is_no_rate_is_told_how_to_write_one() {
    let wrong = [
        "", "100", "100/", "/s", "x/s", "1.5/s", "-1/s", "100/week", "100/s/s", "1/10", "_/s", "0/s", "1/0s",
    ];
    for text in wrong {
        let error = Rate::parse(text).unwrap_err();
        assert_eq!(error.option(), "rate", "{text}");
        assert!(error.problem().contains("write"), "{text}: {error}");
    }
    for text in ["4294967296/s", "2000000000/s", "2/1ns", "1/18446744073709551615d", "1/4000d"] {
        assert!(Rate::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_default_is_ten_per_second_with_a_burst_of_twenty() {
    let config = RateLimitConfig::default();
    assert_eq!(config, RateLimiter::builder(Rate::per_second(10)).burst(20));
    assert_eq!(config.to_string(), "10/s, burst 20");
    assert_eq!(config.build("test").unwrap().available_tokens(), 20.0);
}

#[test]
fn configurations_that_make_no_sense_are_errors_at_the_option() {
    let new = RateLimitConfig::new;
    let rate = Rate::per_second(10);
    for (config, option) in [
        (new(Rate::per_second(0)), "rate"),
        (new(Rate::new(1, Duration::ZERO)), "rate"),
        (new(Rate::per_second(1_000_000_001)), "rate"),
        (new(Rate::new(1, Duration::MAX)), "rate"),
        (new(rate).burst(0), "burst"),
        (new(rate).initial(11), "initial"),
        (new(rate).burst(5).initial(6), "initial"),
        (new(Rate::per_hour(1)).burst(u32::MAX), "burst"),
        (new(rate).max_keys(0), "max_keys"),
        (new(rate).algorithm(Algorithm::FixedWindow).burst(10), "burst"),
        (new(rate).algorithm(Algorithm::SlidingWindow).initial(1), "initial"),
        (new(Rate::per_second(0)).algorithm(Algorithm::SlidingWindow), "rate"),
    ] {
        let error = config.check().unwrap_err();
        assert_eq!(error.option(), option, "{error}");
        assert!(error.problem().contains([';', ',']), "no remedy: {error}");
        assert!(config.build("test").is_err() && config.build_keyed("test").is_err());
    }
    assert!(new(Rate::per_second(1_000_000_000)).burst(u32::MAX).check().is_ok());
    assert!(new(rate).initial(0).check().is_ok());
}

#[test]
fn limiters_can_be_statics() {
    const CONFIG: RateLimitConfig = RateLimitConfig::new(Rate::per_hour(1)).checked();
    static ONE: RateLimiter = RateLimiter::from_static("test.static", CONFIG);
    static PER_KEY: KeyedRateLimiter = KeyedRateLimiter::from_static("test.static", CONFIG);
    assert!(ONE.try_acquire(1.0).is_ok());
    assert_eq!(ONE.try_acquire(1.0).unwrap_err().policy(), "test.static");
    assert!(PER_KEY.try_acquire(&1, 1.0).is_ok());
    assert!(PER_KEY.try_acquire(&1, 1.0).is_err());
}

#[test]
fn the_same_name_is_the_same_limiter() {
    let config = RateLimitConfig::new(Rate::per_hour(1));
    let first = config.register("rate_limit.test.shared").unwrap();
    let second = config.register("rate_limit.test.shared").unwrap();
    assert!(std::ptr::eq(first, second));
    let first = config.register_keyed("rate_limit.test.shared").unwrap();
    let second = config.register_keyed("rate_limit.test.shared").unwrap();
    assert!(std::ptr::eq(first, second));
}
