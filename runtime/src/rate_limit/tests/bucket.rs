//! The token bucket: governor's rules restated, and what the issue says of refusals.

use std::time::Duration;

use super::{limiter, ms, wait};
use crate::{
    Error,
    clock::{self, Instant, ManualClock},
    rate_limit::{Rate, RateLimitConfig, RateLimiter},
};

const NANO: Duration = Duration::from_nanos(1);

fn per_second(amount: u32) -> RateLimiter {
    limiter(RateLimitConfig::new(Rate::per_second(amount)))
}

#[test]
fn two_per_second_admit_two_at_once_and_two_a_second_later() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(2);
    let results: Vec<bool> = [0, 1, 1, 1000, 1, 1]
        .into_iter()
        .map(|pause| {
            clock.advance(ms(pause));
            limiter.try_acquire(1.0).is_ok()
        })
        .collect();
    assert_eq!(results, [true, true, false, true, true, false]);
    assert_eq!((limiter.admitted_count(), limiter.rejected_count()), (4, 2));
}

#[test]
fn idling_gathers_no_more_than_the_burst() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = limiter(RateLimitConfig::new(Rate::new(1, ms(90))).burst(2));
    for _ in 0..3 {
        assert!(limiter.try_acquire(1.0).is_ok());
        assert_eq!(limiter.available_tokens(), 1.0);
        assert!(limiter.try_acquire(1.0).is_ok());
        assert_eq!(limiter.available_tokens(), 0.0);
        assert_eq!(wait(limiter.try_acquire(1.0)), ms(90));
        clock.advance(Duration::from_secs(120));
    }
}

#[test]
fn more_than_the_burst_is_an_error_at_once_and_takes_nothing() {
    let _installed = ManualClock::new().install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(5)).max_wait(Duration::from_secs(60)));
    for tokens in [15.0, 7.0, 5.1, f64::INFINITY, f64::NAN, -1.0, f64::NEG_INFINITY, 1e300] {
        let error = limiter.enter(tokens, None).unwrap_err();
        let Error::ExceedsBurst { tokens: asked, burst: 5.0, .. } = error else { panic!("{error:?}") };
        assert!(asked == tokens || tokens.is_nan());
    }
    assert!(limiter.try_acquire(5.0).is_ok());
    assert_eq!(limiter.rejected_count(), 8);
}

#[test]
fn nothing_is_always_admitted() {
    let _installed = ManualClock::new().install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_hour(1)));
    limiter.try_acquire(1.0).unwrap();
    limiter.try_acquire(0.0).unwrap();
    limiter.try_acquire(-0.0).unwrap();
    assert!(limiter.try_acquire(1.0).is_err());
}

#[test]
fn the_wait_is_exact_to_the_nanosecond() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let rates = [
        Rate::per_second(1),
        Rate::per_second(3),
        Rate::per_second(7),
        Rate::per_minute(7),
        Rate::per_hour(1),
        Rate::per_second(999_999_937),
        Rate::per_second(700_000_000),
        Rate::new(10, ms(250)),
        Rate::new(u32::MAX, Duration::from_secs(5)),
    ];
    for rate in rates {
        let limiter = limiter(RateLimitConfig::new(rate));
        for tokens in [1, 2, rate.amount() / 2, rate.amount()].map(|n| f64::from(n.clamp(1, rate.amount()))) {
            let _ = limiter.try_acquire((limiter.available_tokens() - tokens).floor().max(0.0));
            while limiter.try_acquire(tokens).is_ok() {}
            let wait = wait(limiter.try_acquire(tokens));
            assert!(wait > Duration::ZERO);
            clock.advance(wait - NANO);
            assert!(limiter.try_acquire(tokens).is_err(), "{rate} {tokens}");
            clock.advance(NANO);
            assert!(limiter.try_acquire(tokens).is_ok(), "{rate} {tokens}");
            clock.advance(rate.per());
        }
    }
}

#[test]
fn following_the_reported_wait_always_succeeds() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(5);
    let mut admitted = 0;
    for _ in 0..20 {
        clock.advance(ms(1));
        if let Err(error) = limiter.try_acquire(1.0) {
            clock.advance(error.retry_after().unwrap());
            limiter.try_acquire(1.0).unwrap();
        }
        admitted += 1;
    }
    assert_eq!(admitted, 20);
}

#[test]
fn three_per_second_are_exactly_three_per_second_over_a_million_seconds() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(3);
    limiter.try_acquire(3.0).unwrap();
    for _ in 0..1_000_000 {
        clock.advance(Duration::from_secs(1));
        limiter.try_acquire(3.0).unwrap();
    }
    assert_eq!(limiter.available_tokens(), 0.0);

    // And one by one, as soon as each is there.
    let start = clock.now();
    for _ in 0..300_000 {
        clock.advance(wait(limiter.try_acquire(1.0)));
        limiter.try_acquire(1.0).unwrap();
    }
    assert_eq!(clock.now().saturating_since(start), Duration::from_secs(100_000));
}

#[test]
fn fractions_add_up() {
    let _installed = ManualClock::new().install();
    for (parts, rate) in [(10, 1), (3, 1), (6, 1), (7, 3), (10, 3), (4, 7)] {
        let limiter = limiter(RateLimitConfig::new(Rate::per_second(rate)).burst(1));
        for _ in 0..parts {
            limiter.try_acquire(1.0 / f64::from(parts)).unwrap();
        }
        assert!(limiter.try_acquire(1.0 / f64::from(parts)).is_err());
    }
}

#[test]
fn fractions_are_never_free_at_high_rates() {
    let _installed = ManualClock::new().install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1_000_000_000)).burst(4));
    for _ in 0..4 {
        limiter.try_acquire(0.1).unwrap();
    }
    assert!(limiter.try_acquire(0.1).is_err());
}

#[test]
fn a_bucket_that_starts_with_less_fills_from_its_first_use_on() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(10)).burst(10).initial(2));
    clock.advance(Duration::from_secs(100));
    assert_eq!(limiter.available_tokens(), 2.0);
    assert_eq!(wait(limiter.try_acquire(3.0)), ms(100));
    clock.advance(ms(100));
    limiter.try_acquire(3.0).unwrap();
    limiter.reset();
    assert_eq!(limiter.available_tokens(), 2.0);
    limiter.try_acquire(2.0).unwrap();
    assert!(limiter.try_acquire(1.0).is_err());
}

#[test]
fn refusals_change_nothing() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(1);
    limiter.try_acquire(1.0).unwrap();
    for _ in 0..10_000 {
        clock.advance(Duration::from_nanos(99_999));
        assert!(limiter.try_acquire(1.0).is_err());
    }
    assert_eq!(wait(limiter.try_acquire(1.0)), Duration::from_nanos(10_000));
}

#[test]
fn time_going_backwards_neither_hangs_nor_overflows() {
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1)).burst(2));
    let later = ManualClock::new();
    later.advance(Duration::from_secs(1_000_000));
    {
        let _installed = later.install();
        limiter.try_acquire(2.0).unwrap();
    }
    // The clock of this thread is a million seconds behind: the bucket starts anew.
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!(limiter.available_tokens(), 2.0);
    limiter.try_acquire(2.0).unwrap();
    assert_eq!(wait(limiter.try_acquire(1.0)), Duration::from_secs(1));
    clock.advance(Duration::from_secs(1));
    limiter.try_acquire(1.0).unwrap();
}

#[test]
fn the_end_of_time_neither_hangs_nor_overflows() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiters = [
        per_second(3),
        limiter(RateLimitConfig::new(Rate::per_second(3)).algorithm(super::Algorithm::FixedWindow)),
        limiter(RateLimitConfig::new(Rate::per_second(3)).algorithm(super::Algorithm::SlidingWindow)),
    ];
    limiters.iter().for_each(|limiter| limiter.try_acquire(2.0).unwrap());
    clock.advance_to(Instant::NEVER);
    for limiter in &limiters {
        let _ = limiter.try_acquire(3.0);
        let _ = limiter.try_acquire(3.0);
        assert!(limiter.available_tokens() <= 3.0);
    }
    assert_eq!(clock::now(), Instant::NEVER);
}

#[test]
fn a_change_of_rate_keeps_the_tokens_as_far_as_they_fit() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(100);
    limiter.try_acquire(40.0).unwrap();
    limiter.set_rate(Rate::per_second(1000)).unwrap();
    assert_eq!(limiter.available_tokens(), 60.0);
    clock.advance(ms(10));
    assert_eq!(limiter.available_tokens(), 70.0);
    limiter.set_rate(Rate::per_second(3)).unwrap();
    assert_eq!(limiter.available_tokens(), 3.0);
    limiter.reconfigure(Rate::per_second(10), 50).unwrap();
    assert_eq!(limiter.available_tokens(), 3.0);
    clock.advance(Duration::from_secs(60));
    assert_eq!(limiter.available_tokens(), 50.0);
    limiter.set_rate(Rate::per_second(20)).unwrap();
    assert_eq!(limiter.config(), RateLimitConfig::new(Rate::per_second(20)).burst(50));
    assert_eq!(limiter.set_rate(Rate::per_second(0)).unwrap_err().option(), "rate");
    assert_eq!(limiter.reconfigure(Rate::per_second(1), 0).unwrap_err().option(), "burst");
    assert_eq!(limiter.config().rate(), Rate::per_second(20));
}

#[test]
fn a_change_of_rate_many_times_over_keeps_the_tokens() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(10)).burst(30));
    limiter.try_acquire(10.0).unwrap();
    for round in 0..100 {
        limiter.set_rate(Rate::new(if round % 2 == 0 { 7 } else { 10 }, Duration::from_secs(1))).unwrap();
        assert!((limiter.available_tokens() - 20.0).abs() < 1e-5, "{}", limiter.available_tokens());
    }
    limiter.reset();
    assert_eq!(limiter.available_tokens(), 30.0);
}
