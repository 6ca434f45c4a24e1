//! Limiters beside plain models of them, through random histories.
//!
//! `MAINSTAY_STEPS=10000000` makes them longer; `MAINSTAY_SEED` begins with the seed that a failure has named.

use std::{collections::HashMap, time::Duration};

use super::{Algorithm, gcra::Gcra, steer};
use crate::{
    Error,
    clock::{Installed, Instant, ManualClock},
    histories,
    rate_limit::{KeyedRateLimiter, Rate, RateLimitConfig, RateLimiter},
};

/// Runs `history` of some thousand steps for one seed after the other.
pub(super) fn histories(most: u64, mut history: impl FnMut(&mut fastrand::Rng, u64)) {
    const EACH: u64 = 2000;
    histories::run(most, |seed| {
        history(&mut fastrand::Rng::with_seed(seed), EACH);
        EACH
    });
}

/// A clock that may be put back.
pub(super) struct Time {
    clock: ManualClock,
    installed: Option<Installed>,
}

impl Time {
    pub(super) fn new() -> Self {
        let clock = ManualClock::new();
        let installed = Some(clock.install());
        Self { clock, installed }
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// No further than 18 years: after 27, a limiter's clock stands still.
    pub(super) fn pass(&self, nanos: u64) {
        if self.now().as_nanos() + nanos < 1 << 59 {
            self.clock.advance(Duration::from_nanos(nanos));
        }
    }

    fn put_back(&mut self, nanos: u64) {
        let at = self.now() - Duration::from_nanos(nanos);
        drop(self.installed.take());
        self.clock = ManualClock::new();
        self.clock.advance_to(at);
        self.installed = Some(self.clock.install());
    }
}

pub(super) fn random_rate(random: &mut fastrand::Rng) -> Rate {
    let amounts = [1, 2, 3, 7, 10, 100, 999, 1000, 65_537, 1_000_000, 999_999_937, 1_000_000_000];
    let periods = [1, 7, 250_000_000, 1_000_000_000, 60_000_000_000, 86_400_000_000_000];
    loop {
        let amount = amounts[random.usize(0..amounts.len())];
        let period = periods[random.usize(0..periods.len())];
        let rate = Rate::new(amount, Duration::from_nanos(period));
        if rate.check().is_ok() {
            return rate;
        }
    }
}

fn random_burst(random: &mut fastrand::Rng) -> u32 {
    [1, 2, 3, 20, 1000, 100_000][random.usize(0..6)]
}

/// A configuration that can be followed, and whose bucket is full at first unless `partly`.
pub(super) fn random_bucket(random: &mut fastrand::Rng, partly: bool) -> (RateLimitConfig, Gcra) {
    loop {
        let (rate, burst) = (random_rate(random), random_burst(random));
        let initial = if partly && random.u8(0..3) == 0 { random.u32(0..=burst) } else { burst };
        let config = RateLimitConfig::new(rate).burst(burst).initial(initial);
        if config.check().is_ok() {
            return (config, Gcra::new(rate, burst, initial));
        }
    }
}

/// Millionths of a token: one as a rule, then some, parts of one, and more than there can be.
pub(super) fn random_amount(random: &mut fastrand::Rng, burst: u32) -> u64 {
    match random.u8(0..10) {
        0 => random.u64(1..2_000_000),
        1 => u64::from(random.u32(1..=burst.max(2))) * 1_000_000,
        2 => (u64::from(burst) + 1) * 1_000_000,
        3 => u64::from(random.u32(1..=3)) * 1_000_000,
        _ => 1_000_000,
    }
}

/// From nothing to much longer than the bucket takes to fill.
pub(super) fn random_pause(random: &mut fastrand::Rng, token: u64, burst: u32) -> u64 {
    match random.u8(0..16) {
        0..=4 => 0,
        5 => token,
        6 => random.u64(0..=token.saturating_mul(u64::from(burst)).min(1 << 50)),
        7 if random.u8(0..20) == 0 => random.u64(0..1 << 55),
        _ => random.u64(0..=token.saturating_mul(2)),
    }
}

pub(super) fn tokens(amount: u64) -> f64 {
    amount as f64 / 1e6
}

/// What a refusal says, in the words of the model.
pub(super) fn outcome(result: Result<(), Error>) -> Result<(), Option<u64>> {
    result.map_err(|error| error.retry_after().map(|wait| wait.as_nanos() as u64))
}

#[test]
fn a_bucket_does_what_exact_arithmetic_says() {
    histories(200_000, |random, steps| {
        let mut time = Time::new();
        let (config, mut model) = random_bucket(random, true);
        let limiter = config.build("life").unwrap();
        for _ in 0..steps {
            let burst = model.burst_tokens();
            time.pass(random_pause(random, model.nanos_per_token(), burst));
            match random.u16(0..2000) {
                0 => {
                    let (rate, burst) = (random_rate(random), random_burst(random));
                    if random.bool() {
                        if limiter.reconfigure(rate, burst).is_ok() {
                            model.change(rate, burst, time.now());
                        }
                        continue;
                    }
                    // From outside, and perhaps switched off and on again before the next request.
                    let initial = limiter.config().initial_tokens().min(burst);
                    let config = RateLimitConfig::new(rate).burst(burst).initial(initial);
                    if config.check().is_ok() && config.numbers() != limiter.live.get().numbers() {
                        steer(&limiter, config, random.bool());
                        model.change(rate, burst, time.now());
                        (0..3)
                            .filter(|_| !limiter.live.is_on())
                            .for_each(|_| limiter.try_acquire(1e9).unwrap());
                        steer(&limiter, config, true);
                    }
                }
                1 => {
                    limiter.reset();
                    model.reset();
                }
                2 => time.put_back(random.u64(0..86_400_000_000_000)),
                3..200 => {
                    let (left, expected) = (limiter.available_tokens(), model.available(time.now()));
                    assert!((left - expected).abs() <= expected * 1e-12, "{left} {expected}");
                }
                _ => {
                    let amount = random_amount(random, burst);
                    let expected = model.take(amount, time.now());
                    assert_eq!(outcome(limiter.try_acquire(tokens(amount))), expected, "{config} {amount}");
                }
            }
        }
    });
}

#[test]
fn in_no_stretch_of_time_are_more_admitted_than_the_burst_and_what_has_come() {
    histories(200_000, |random, steps| {
        let time = Time::new();
        let (config, model) = random_bucket(random, true);
        let limiter = config.build("life").unwrap();
        let (amount, period) = (i128::from(config.rate().amount()), config.rate().per().as_nanos() as i128);
        let token = model.nanos_per_token();
        // Tokens times the period. What was admitted less what has come since any earlier moment is at most the burst, or
        // what was admitted less what has come at all rises above its lowest value so far by no more than that.
        let (mut admitted, mut lowest) = (0_i128, i128::MAX);
        // Whole parts come, each a little late; a token has as many as it takes nanoseconds.
        let part = period / i128::from(token) + 1;
        for _ in 0..steps {
            time.pass(random_pause(random, token, config.burst_tokens()));
            let come = i128::from(time.now().as_nanos()) * amount;
            lowest = lowest.min(admitted * period - come);
            let whole = random.u32(1..=config.burst_tokens().min(3));
            if limiter.try_acquire(f64::from(whole)).is_ok() {
                admitted += i128::from(whole);
            }
            let above = admitted * period - come - lowest;
            assert!(above <= i128::from(config.burst_tokens()) * period + part, "{config}");
        }
    });
}

#[test]
fn every_key_does_what_exact_arithmetic_says_as_long_as_there_is_room() {
    histories(200_000, |random, steps| {
        let time = Time::new();
        let (config, fresh) = random_bucket(random, false);
        let limiter: KeyedRateLimiter = config.max_keys(100).build_keyed("life").unwrap();
        let (mut current, mut models) = (fresh.clone(), HashMap::<u8, Gcra>::new());
        for _ in 0..steps {
            let key = random.u8(0..100);
            time.pass(random_pause(random, current.nanos_per_token(), current.burst_tokens()) / 20);
            match random.u16(0..2000) {
                // A key that left meanwhile starts with the new burst, another one keeps what it had.
                0 if models.len() == limiter.len() => {
                    let (rate, burst) = (random_rate(random), current.burst_tokens());
                    if limiter.reconfigure(rate, burst).is_ok() {
                        models.values_mut().for_each(|model| model.change(rate, burst, time.now()));
                        current.change(rate, burst, time.now());
                        current.reset();
                    }
                }
                1 => {
                    limiter.reset();
                    models.clear();
                }
                2..20 => {
                    limiter.remove(&key);
                    models.remove(&key);
                }
                _ => {
                    let amount = random_amount(random, current.burst_tokens());
                    let model = models.entry(key).or_insert_with(|| current.clone());
                    let expected = model.take(amount, time.now());
                    let found = outcome(limiter.try_acquire(&key, tokens(amount)));
                    assert_eq!(found, expected, "{config} {key} {amount}");
                    assert!(limiter.len() <= 100);
                }
            }
        }
    });
}

#[test]
fn a_key_that_had_to_leave_starts_full_and_no_other_does() {
    histories(200_000, |random, steps| {
        let time = Time::new();
        let (config, fresh) = random_bucket(random, false);
        let (keys, most) = (30, random.u32(1..40));
        let limiter = config.max_keys(most).build_keyed("life").unwrap();
        // How each key may stand, as far as its answers tell.
        let mut models = HashMap::<u8, Vec<Gcra>>::new();
        for _ in 0..steps {
            let key = random.u8(0..keys);
            time.pass(random_pause(random, fresh.nanos_per_token(), config.burst_tokens()) / 10);
            let amount = random_amount(random, config.burst_tokens());
            let found = outcome(limiter.try_acquire(&key, tokens(amount)));
            let states = models.entry(key).or_default();
            if states.is_empty() || u32::from(keys) > most {
                states.push(fresh.clone());
            }
            states.retain_mut(|state| state.take(amount, time.now()) == found);
            states.dedup();
            assert!(!states.is_empty(), "{config} {key} {amount} {found:?}");
            assert!(limiter.len() <= most as usize);
        }
    });
}

/// A window counted by its number since the first request.
struct Naive {
    limit: u128,
    period: u128,
    sliding: bool,
    first: Option<u128>,
    counts: HashMap<u128, u128>,
}

impl Naive {
    fn has_room(&self, amount: u64, now: u128) -> bool {
        let Some(first) = self.first.filter(|first| *first <= now) else {
            return u128::from(amount) <= self.limit;
        };
        let (number, into) = ((now - first) / self.period, (now - first) % self.period);
        let count = |number| self.counts.get(&number).copied().unwrap_or(0);
        let before = if self.sliding && number > 0 { count(number - 1) } else { 0 };
        let wanted = count(number) + u128::from(amount);
        before * (self.period - into) + wanted * self.period <= self.limit * self.period
    }

    fn take(&mut self, amount: u64, now: u128) -> bool {
        if self.first.is_none_or(|first| first > now) {
            // Before the present window, time begins anew.
            (self.first, self.counts) = (None, HashMap::new());
        }
        if !self.has_room(amount, now) {
            return false;
        }
        let first = *self.first.get_or_insert(now);
        *self.counts.entry((now - first) / self.period).or_default() += u128::from(amount);
        true
    }
}

#[test]
fn windows_do_what_counting_says_and_their_waits_are_exact() {
    histories(200_000, |random, steps| {
        let time = Time::new();
        let limit = random.u32(1..=20);
        let period = [1000, 1_000_003, 100_000_000][random.usize(0..3)];
        let algorithm = if random.bool() { Algorithm::SlidingWindow } else { Algorithm::FixedWindow };
        let rate = Rate::new(limit, Duration::from_nanos(period));
        let limiter: RateLimiter = RateLimitConfig::new(rate).algorithm(algorithm).build("life").unwrap();
        let mut naive = Naive {
            limit: u128::from(limit) * 1_000_000,
            period: u128::from(period),
            sliding: algorithm == Algorithm::SlidingWindow,
            first: None,
            counts: HashMap::new(),
        };
        for _ in 0..steps {
            time.pass(match random.u8(0..10) {
                0..=3 => 0,
                4 => random.u64(0..period * 4),
                _ => random.u64(0..period / 4),
            });
            let amount = random_amount(random, limit);
            let now = u128::from(time.now().as_nanos());
            let found = limiter.try_acquire(tokens(amount));
            let expected = naive.take(amount, now);
            assert_eq!(found.is_ok(), expected, "{algorithm} {amount}");
            if let Some(wait) = found.err().and_then(|refused| refused.retry_after()) {
                let due = now + wait.as_nanos();
                assert!(naive.has_room(amount, due) && !naive.has_room(amount, due - 1), "{algorithm}");
            }
        }
    });
}
