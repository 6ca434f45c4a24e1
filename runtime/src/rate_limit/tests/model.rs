//! The bucket beside a naive one that computes with exact fractions, and under many threads.

use std::{sync::atomic::AtomicU64, time::Duration};

use super::{limiter, wait};
use crate::{
    clock::ManualClock,
    rate_limit::{Rate, RateLimitConfig},
};

/// A bucket as one would write it on paper. Its unit is a token divided by the period in nanoseconds, so that each
/// nanosecond brings `amount` of them.
struct Naive {
    level: u128,
    capacity: u128,
    amount: u128,
    period: u128,
}

impl Naive {
    fn new(rate: Rate, burst: u32) -> Self {
        let period = rate.per().as_nanos();
        let capacity = u128::from(burst) * period;
        Self { level: capacity, capacity, amount: u128::from(rate.amount()), period }
    }

    fn pass(&mut self, time: Duration) {
        self.level = self.capacity.min(self.level + time.as_nanos() * self.amount);
    }

    fn take(&mut self, tokens: u32) -> Result<(), Duration> {
        let cost = u128::from(tokens) * self.period;
        match cost.checked_sub(self.level) {
            None | Some(0) => {
                self.level -= cost;
                Ok(())
            }
            Some(short) => Err(Duration::from_nanos(short.div_ceil(self.amount) as u64)),
        }
    }
}

#[test]
fn the_bucket_does_exactly_what_a_naive_one_does() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    // Here a token takes a whole number of nanoseconds.
    for (seed, rate, burst) in [
        (1, Rate::per_second(100), 100),
        (2, Rate::per_second(1000), 3),
        (3, Rate::per_minute(60), 7),
        (4, Rate::per_second(1_000_000_000), 1000),
        (5, Rate::new(8, Duration::from_millis(250)), 1),
    ] {
        let mut random = fastrand::Rng::with_seed(seed);
        let limiter = limiter(RateLimitConfig::new(rate).burst(burst));
        let mut naive = Naive::new(rate, burst);
        let token = rate.per().as_nanos() as u64 / u64::from(rate.amount());
        for _ in 0..50_000 {
            let pause = Duration::from_nanos(match random.u8(0..10) {
                0 => 0,
                1 => random.u64(0..token * u64::from(burst) * 2),
                2 => token,
                _ => random.u64(0..=token * 2),
            });
            clock.advance(pause);
            naive.pass(pause);
            let tokens = random.u32(1..=burst.min(5));
            match naive.take(tokens) {
                Ok(()) => limiter.try_acquire(f64::from(tokens)).unwrap(),
                Err(expected) => assert_eq!(wait(limiter.try_acquire(f64::from(tokens))), expected),
            }
        }
    }
}

#[test]
fn the_bucket_is_within_two_nanoseconds_of_a_naive_one_where_a_token_takes_a_fraction_of_one() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for (seed, rate, burst) in [
        (1, Rate::per_second(3), 3),
        (2, Rate::per_second(7), 20),
        (3, Rate::per_minute(7), 2),
        (4, Rate::per_second(999_983), 50),
    ] {
        let mut random = fastrand::Rng::with_seed(seed);
        let limiter = limiter(RateLimitConfig::new(rate).burst(burst));
        let mut naive = Naive::new(rate, burst);
        let token = rate.per().as_nanos() as u64 / u64::from(rate.amount());
        for _ in 0..50_000 {
            let pause = Duration::from_nanos(random.u64(0..token * 2));
            clock.advance(pause);
            naive.pass(pause);
            // Each time the bucket is full it may lose or win a part of a nanosecond; otherwise nothing is lost.
            match (naive.take(1), limiter.try_acquire(1.0)) {
                (Ok(()), Ok(())) => {}
                (Err(expected), Err(refused)) => {
                    let wait = refused.retry_after().unwrap();
                    assert!(
                        wait.abs_diff(expected) <= Duration::from_nanos(2),
                        "{rate}: {wait:?} {expected:?}"
                    );
                }
                (Err(expected), Ok(())) => {
                    assert!(expected <= Duration::from_nanos(2), "{rate}: {expected:?}");
                    naive.level = 0;
                }
                (Ok(()), Err(refused)) => {
                    let wait = refused.retry_after().unwrap();
                    assert!(wait <= Duration::from_nanos(2), "{rate}: {wait:?}");
                    naive.level += naive.period;
                }
            }
        }
    }
}

#[test]
fn threads_together_never_get_one_token_more() {
    let clock = ManualClock::new();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1000)).burst(50));
    let admitted = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let _installed = clock.install();
                for step in 0..20_000 {
                    if limiter.try_acquire(1.0).is_ok() {
                        admitted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                    if step % 16 == 0 {
                        clock.advance(Duration::from_micros(100));
                    }
                }
            });
        }
    });
    // 4 · 1250 steps of 100 µs are half a second: 500 tokens and the burst. The bucket was never full in between.
    let admitted = admitted.into_inner();
    assert!(admitted <= 550, "{admitted}");
    assert!(admitted >= 540, "{admitted}");
    assert_eq!(limiter.admitted_count(), admitted);
    assert_eq!(limiter.rejected_count(), 80_000 - admitted);
}

#[test]
fn changes_of_the_rate_under_load_give_nothing_away() {
    let clock = ManualClock::new();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(100)).burst(100));
    let admitted = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let _installed = clock.install();
                for _ in 0..20_000 {
                    if limiter.try_acquire(1.0).is_ok() {
                        admitted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
        let _installed = clock.install();
        for round in 0..2_000 {
            let amount = if round % 2 == 0 { 700_000_000 } else { 3 };
            limiter.reconfigure(Rate::per_second(amount), 100).unwrap();
        }
    });
    // The clock stands still: what was there at the start is all there is.
    assert_eq!(admitted.into_inner(), 100);
}
