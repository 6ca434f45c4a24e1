//! The attempts of a call beside a plain model of them, through random steps. `MAINSTAY_STEPS` says how many.

use std::{cell::Cell, time::Duration};

use super::{state::Next, totals::Total, *};
use crate::{clock::Instant, histories};

const MOST: u128 = u64::MAX as u128;

fn custom(failed: u32) -> Duration {
    match failed % 4 {
        0 => Duration::MAX,
        1 => Duration::ZERO,
        _ => Duration::from_millis(u64::from(failed)),
    }
}

fn pick<T: Copy>(random: &mut fastrand::Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

/// From nothing to more than any clock can hold, mostly of the sizes that people write.
fn duration(random: &mut fastrand::Rng) -> Duration {
    match random.u8(..16) {
        0 => Duration::ZERO,
        1 => Duration::from_nanos(random.u64(..4)),
        2 => Duration::from_nanos(random.u64(..)),
        3 => Duration::MAX,
        _ => Duration::from_micros(random.u64(1..100_000_000)),
    }
}

fn config(random: &mut fastrand::Rng) -> RetryConfig {
    let bases = [1.0, 1.5, 2.0, 3.0, 10.0, 0.5, f64::MAX];
    let backoffs = [
        Backoff::Exponential,
        Backoff::Linear,
        Backoff::Constant,
        Backoff::Fibonacci,
        Backoff::Custom(custom),
    ];
    let config = RetryConfig::new()
        .max_attempts(pick(random, &[0, 1, 2, 3, 10, 200, u32::MAX]))
        .initial_delay(duration(random))
        .max_delay(duration(random))
        .exponential_base(pick(random, &bases))
        .backoff(pick(random, &backoffs))
        .jitter(pick(random, &[Jitter::Full, Jitter::Equal, Jitter::None]));
    if random.bool() { config.max_elapsed(duration(random)) } else { config }
}

/// The wait before cap and jitter, step by step from the definition.
fn grown(config: &RetryConfig, failed: u32) -> f64 {
    let initial = config.initial_delay.as_nanos().min(MOST) as f64;
    match config.backoff {
        Backoff::Exponential => (1..failed)
            .fold(initial, |wait, _| if wait == 0.0 { 0.0 } else { wait * config.exponential_base }),
        Backoff::Linear => initial * f64::from(failed),
        Backoff::Constant => initial,
        Backoff::Fibonacci => {
            let (mut one, mut two) = (1.0, 2.0);
            (1..failed).for_each(|_| (one, two) = (two, one + two));
            if initial == 0.0 { 0.0 } else { initial * one }
        }
        Backoff::Custom(delay) => delay(failed).as_nanos().min(MOST) as f64,
    }
}

/// Whether a number of nanoseconds is that of the model, which rounds otherwise.
fn is_about(nanos: u128, expected: f64) -> bool {
    (nanos as f64 - expected).abs() <= 0.5 + expected * 1e-9
}

/// One call whose every attempt fails, as long as the policy lets it. Returns the attempts made.
fn call(random: &mut fastrand::Rng) -> usize {
    let config = config(random);
    let mut now = u128::from(random.u64(..1 << 50));
    let at = |nanos: u128| Instant::from_nanos(nanos.min(MOST) as u64);
    let begun = now;
    let started = config.start(|| at(begun));
    assert_eq!(started == Instant::NEVER, config.max_elapsed.is_none());
    let deadline = random.bool().then(|| now + duration(random).as_nanos());
    let mut attempts = Attempts::NONE;
    for failed in 1_u32..=300 {
        assert_eq!((attempts.number(), attempts.is_last(&config)), (failed, failed >= config.max_attempts));
        now += random.u128(..1_000_000_000);
        let floor = (random.u8(..4) == 0).then(|| duration(random));
        let (share, asked) = (random.f64(), Cell::new(None));
        let roll = |most: u64| {
            let rolled = ((most as f64 * share) as u64).min(most);
            asked.set(Some((most, rolled)));
            rolled
        };
        let limited = config.max_elapsed.is_some() || deadline.is_some();
        let clock_read = Cell::new(false);
        let read = || {
            clock_read.set(true);
            at(now)
        };
        let decision = Decision::Again { floor };
        let next = attempts.next(&config, started, decision, deadline.map(at), read, roll);

        if failed >= config.max_attempts {
            assert_eq!(
                (next, clock_read.get(), asked.get()),
                (Next::Exhausted(Total::OutOfAttempts), false, None)
            );
            return failed as usize;
        }
        assert_eq!(clock_read.get(), limited, "the clock is read where a limit exists");
        let capped = grown(&config, failed).min(config.max_delay.as_nanos().min(MOST) as f64);
        let chance = match (config.jitter, asked.get()) {
            (Jitter::Full, Some((most, rolled))) if is_about(most.into(), capped) => rolled as f64,
            // The half that is sure is the larger one.
            (Jitter::Equal, Some((half, rolled))) if is_about(half.into(), capped / 2.0 - 0.25) => {
                capped - half as f64 + rolled as f64
            }
            (Jitter::None, None) => capped,
            other => panic!("{other:?} of {capped} with {config:?}"),
        };
        let wait = chance.min(MOST as f64).max(floor.map_or(0.0, |floor| floor.as_nanos() as f64));
        match next {
            Next::Again(given) => {
                let given_nanos = given.as_nanos();
                assert!(is_about(given_nanos, wait), "{given:?}, not {wait} ns, with {config:?}");
                let ends =
                    config.max_elapsed.map(|limit| begun + limit.as_nanos()).into_iter().chain(deadline);
                assert!(ends.into_iter().all(|end| now + given_nanos < end), "it starts in time");
                now += given_nanos;
                if now > MOST {
                    return failed as usize;
                }
            }
            Next::Exhausted(_) => {
                let end =
                    config.max_elapsed.map(|limit| begun + limit.as_nanos()).into_iter().chain(deadline);
                let end = end.min().map_or(u128::MAX, |end| end.min(MOST));
                // What the model rounds otherwise may decide where the two meet.
                let latest = (now as f64 + wait).min(MOST as f64);
                assert!(
                    latest >= end as f64 * (1.0 - 1e-9) - 1.0,
                    "{wait} ns would have fitted, with {config:?}"
                );
                return failed as usize;
            }
            Next::Answer => panic!("an answer that is worth another try is none"),
        }
    }
    300
}

#[test]
fn attempts_do_for_any_configuration_what_their_model_does() {
    histories::run(200_000, |seed| call(&mut fastrand::Rng::with_seed(seed)) as u64);
}

#[test]
fn an_answer_that_is_final_ends_the_call_at_any_attempt() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..1000 {
        let config = config(&mut random);
        let mut attempts = Attempts::NONE;
        attempts.made = random.u32(..);
        let untouched = || -> Instant { panic!("nobody needs the time") };
        let next =
            attempts.next(&config, Instant::NEVER, Decision::Stop, None, untouched, |_| panic!("nor chance"));
        assert_eq!(next, Next::Answer);
    }
}
