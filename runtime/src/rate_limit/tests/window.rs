//! Fixed and sliding windows, and the bucket beside them as a smooth limiter.

use std::time::Duration;

use super::{Algorithm, limiter, ms, wait};
use crate::{
    clock::ManualClock,
    rate_limit::{Rate, RateLimitConfig, RateLimiter},
};

/// Makes requests for one token at the given milliseconds; 0 is an admission, anything else the wait of a refusal.
fn follow(config: RateLimitConfig, steps: &[(u64, &[u64])]) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (limiter, start) = (limiter(config), clock.now());
    for (at, results) in steps {
        clock.advance_to(start + ms(*at));
        for expected in *results {
            let found = match limiter.try_acquire(1.0) {
                Ok(()) => Duration::ZERO,
                refused => wait(refused),
            };
            assert_eq!(found, ms(*expected), "{config} at {at} ms");
        }
    }
}

fn fixed(limit: u32) -> RateLimitConfig {
    RateLimitConfig::new(Rate::new(limit, ms(100))).algorithm(Algorithm::FixedWindow)
}

fn sliding(limit: u32) -> RateLimitConfig {
    RateLimitConfig::new(Rate::new(limit, ms(100))).algorithm(Algorithm::SlidingWindow)
}

#[test]
fn fixed_windows_follow_one_another_from_the_first_request_on() {
    follow(fixed(2), &[(0, &[0, 0, 100]), (50, &[50]), (100, &[0])]);
    follow(
        fixed(2),
        &[
            (0, &[0, 0, 100]),
            (50, &[50, 50]),
            (120, &[0]),
            (190, &[0, 10]),
            (210, &[0, 0, 90]),
            (290, &[10]),
            (1050, &[0, 0, 50]),
        ],
    );
    follow(
        fixed(4),
        &[
            (0, &[0, 0, 0, 0, 100]),
            (50, &[50]),
            (75, &[25]),
            (100, &[0, 0, 0, 0, 100]),
            (200, &[0, 0, 0, 0, 100]),
        ],
    );
}

#[test]
fn a_sliding_window_lets_the_one_before_fade() {
    // The four of the first window weigh less by one every 25 ms of the second.
    follow(
        sliding(4),
        &[
            (0, &[0, 0, 0, 0, 125]),
            (99, &[26]),
            (100, &[25]),
            (125, &[0, 25]),
            (199, &[0, 0, 1]),
            (200, &[0]),
        ],
    );
    follow(sliding(2), &[(0, &[0]), (50, &[0, 100]), (150, &[0, 50]), (500, &[0, 0])]);
}

#[test]
fn a_bucket_of_one_is_a_smooth_limiter() {
    let smooth = |limit| RateLimitConfig::new(Rate::new(limit, ms(100))).burst(1);
    follow(smooth(2), &[(0, &[0, 50]), (50, &[0, 50]), (100, &[0, 50])]);
    follow(smooth(4), &[(0, &[0, 25]), (10, &[15]), (13, &[12]), (50, &[0, 25])]);
    // With a burst of the rate and one token at the start, idling gathers more.
    let gathering = |limit| RateLimitConfig::new(Rate::new(limit, ms(100))).initial(1);
    follow(
        gathering(2),
        &[(0, &[0, 50]), (50, &[0, 50]), (120, &[0]), (190, &[0, 10]), (210, &[0, 40]), (290, &[0, 10])],
    );
    follow(
        gathering(4),
        &[(0, &[0, 25]), (50, &[0, 0, 25]), (75, &[0, 25]), (100, &[0, 25]), (200, &[0, 0, 0, 0, 25])],
    );
}

#[test]
fn waits_for_a_window_are_exact_to_the_nanosecond() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let mut random = fastrand::Rng::with_seed(7);
    for config in [fixed(7), sliding(7), sliding(1), fixed(1), sliding(1000)] {
        let limiter = limiter(config);
        let most = config.rate().amount().min(7);
        for _ in 0..5_000 {
            clock.advance(Duration::from_nanos(random.u64(0..60_000_000)));
            let tokens = f64::from(random.u32(1..=most));
            let Err(refused) = limiter.try_acquire(tokens) else { continue };
            let wait = refused.retry_after().unwrap();
            assert!(wait > Duration::ZERO && wait <= ms(200), "{wait:?}");
            if random.bool() {
                clock.advance(wait - Duration::from_nanos(1));
                limiter.try_acquire(tokens).unwrap_err();
                clock.advance(Duration::from_nanos(1));
                limiter.try_acquire(tokens).unwrap();
            }
        }
    }
}

#[test]
fn a_window_counts_the_tokens_and_not_the_requests() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for config in [fixed(4), sliding(4)] {
        let limiter = limiter(config);
        limiter.try_acquire(2.5).unwrap();
        assert_eq!(limiter.available_tokens(), 1.5);
        limiter.try_acquire(2.0).unwrap_err();
        limiter.try_acquire(1.5).unwrap();
        assert_eq!(limiter.try_acquire(4.5).unwrap_err().kind(), crate::Kind::ExceedsBurst);
        limiter.reset();
        assert_eq!(limiter.available_tokens(), 4.0);
    }
}

#[test]
fn a_window_may_be_made_smaller_and_larger_while_it_runs() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for config in [fixed(10), sliding(10)] {
        let limiter: RateLimiter = limiter(config);
        limiter.try_acquire(4.0).unwrap();
        limiter.set_rate(Rate::new(5, ms(100))).unwrap();
        assert_eq!(limiter.available_tokens(), 5.0);
        limiter.try_acquire(3.0).unwrap();
        limiter.set_rate(Rate::new(20, ms(50))).unwrap();
        assert_eq!(limiter.available_tokens(), 2.0);
        clock.advance(ms(100));
        assert_eq!(limiter.available_tokens(), 20.0);
        assert_eq!(limiter.reconfigure(Rate::per_second(1), 1).unwrap_err().option(), "burst");
        clock.advance(ms(300));
    }
}

#[test]
fn a_window_starts_anew_when_time_goes_backwards() {
    let later = ManualClock::new();
    later.advance(Duration::from_secs(1000));
    for config in [fixed(2), sliding(2)] {
        let limiter = limiter(config);
        {
            let _installed = later.install();
            limiter.try_acquire(2.0).unwrap();
        }
        let _installed = ManualClock::new().install();
        limiter.try_acquire(2.0).unwrap();
        limiter.try_acquire(1.0).unwrap_err();
    }
}
