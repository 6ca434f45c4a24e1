use std::{cell::Cell, time::Duration};

use super::{state::Next, totals::Total, *};
use crate::clock::{self, Instant, ManualClock};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// The waits of a policy whose every attempt fails, without jitter.
fn waits(config: RetryConfig) -> Vec<Duration> {
    let config = config.jitter(Jitter::None);
    let (started, mut attempts) = (config.start(|| Instant::ZERO), Attempts::NONE);
    let mut now = Instant::ZERO;
    let mut waits = Vec::new();
    while let Next::Again(wait) = attempts.next(&config, started, Decision::AGAIN, None, || now, |_| 0) {
        now = now + wait;
        waits.push(wait);
    }
    waits
}

#[test]
fn three_attempts_make_two_waits_by_default() {
    assert_eq!(waits(RetryConfig::new()), [secs(1), secs(2)]);
}

#[test]
fn each_backoff_grows_as_its_name_says() {
    let five = RetryConfig::new().max_attempts(6);
    assert_eq!(waits(five), [1, 2, 4, 8, 16].map(secs));
    assert_eq!(waits(five.exponential_base(3.0)), [1, 3, 9, 27, 60].map(secs));
    assert_eq!(waits(five.backoff(Backoff::Linear)), [1, 2, 3, 4, 5].map(secs));
    assert_eq!(waits(five.backoff(Backoff::Constant)), [1; 5].map(secs));
    assert_eq!(waits(five.backoff(Backoff::Fibonacci)), [1, 2, 3, 5, 8].map(secs));
    assert_eq!(
        waits(five.backoff(Backoff::Custom(|n| secs(10 * u64::from(n))))),
        [10, 20, 30, 40, 50].map(secs)
    );
}

#[test]
fn a_million_attempts_overflow_nothing() {
    for backoff in [Backoff::Exponential, Backoff::Linear, Backoff::Fibonacci, Backoff::Constant] {
        let config = RetryConfig::new()
            .max_attempts(1_000_000)
            .max_delay(Duration::MAX)
            .initial_delay(Duration::from_nanos(1))
            .backoff(backoff);
        assert_eq!(waits(config).len(), 999_999, "{backoff:?}");
    }
    let still = RetryConfig::new().max_attempts(5000).initial_delay(Duration::ZERO);
    assert!(waits(still).iter().all(Duration::is_zero));
}

#[test]
fn jitter_comes_after_the_cap_and_stays_in_its_range() {
    let config = RetryConfig::new().max_attempts(10).initial_delay(secs(100)).max_delay(secs(100));
    let with = |jitter, roll: fn(u64) -> u64| {
        let config = config.jitter(jitter);
        let (started, mut attempts) = (config.start(|| Instant::ZERO), Attempts::NONE);
        attempts.next(&config, started, Decision::AGAIN, None, || Instant::ZERO, roll)
    };
    assert_eq!(with(Jitter::Full, |_| 0), Next::Again(Duration::ZERO));
    assert_eq!(with(Jitter::Full, |most| most), Next::Again(secs(100)));
    assert_eq!(with(Jitter::Equal, |_| 0), Next::Again(secs(50)));
    assert_eq!(with(Jitter::Equal, |most| most), Next::Again(secs(100)));
    assert_eq!(with(Jitter::None, |_| 0), Next::Again(secs(100)));
}

#[test]
fn the_servers_word_is_a_floor_even_above_the_cap() {
    let config = RetryConfig::new().max_delay(secs(5)).jitter(Jitter::None);
    let (started, mut attempts) = (config.start(|| Instant::ZERO), Attempts::NONE);
    let hinted = Decision::Again { floor: Some(secs(90)) };
    assert_eq!(attempts.next(&config, started, hinted, None, || Instant::ZERO, |_| 0), Next::Again(secs(90)));
    let low = Decision::Again { floor: Some(Duration::from_millis(1)) };
    assert_eq!(attempts.next(&config, started, low, None, || Instant::ZERO, |_| 0), Next::Again(secs(2)));
}

#[test]
fn an_attempt_that_cannot_start_in_time_is_not_waited_for() {
    // SmallRye: 100 + 200 + 400 fit into 1000, another 800 would not: four calls.
    let config = RetryConfig::new()
        .max_attempts(u32::MAX)
        .initial_delay(Duration::from_millis(100))
        .max_elapsed(secs(1));
    assert_eq!(waits(config).len(), 3);
    // Constant 250 in 600: three calls.
    let constant = config.initial_delay(Duration::from_millis(250)).max_elapsed(Duration::from_millis(600));
    assert_eq!(waits(constant.backoff(Backoff::Constant)).len(), 2);
    // Starting exactly at the limit is too late.
    assert_eq!(waits(constant.backoff(Backoff::Constant).max_elapsed(Duration::from_millis(500))).len(), 1);
}

#[test]
fn a_deadline_around_the_attempts_counts_like_a_limit_of_their_own() {
    let config = RetryConfig::new().jitter(Jitter::None);
    let (started, mut attempts) = (config.start(|| Instant::ZERO), Attempts::NONE);
    let deadline = Some(Instant::ZERO + secs(1));
    assert_eq!(
        attempts.next(&config, started, Decision::AGAIN, deadline, || Instant::ZERO, |_| 0),
        Next::Exhausted(Total::OutOfTime)
    );
}

#[test]
fn no_clock_is_read_where_no_time_is_limited() {
    let config = RetryConfig::new();
    let asked = Cell::new(false);
    let now = || {
        asked.set(true);
        Instant::ZERO
    };
    let (started, mut attempts) = (config.start(now), Attempts::NONE);
    attempts.next(&config, started, Decision::AGAIN, None, now, |_| 0);
    assert!(!asked.get());
}

#[test]
fn options_that_make_no_sense_are_refused_by_name() {
    let at_fault = |config: RetryConfig| config.check().unwrap_err().option();
    let config = RetryConfig::new();
    assert_eq!(at_fault(config.max_attempts(0)), "max_attempts");
    assert_eq!(at_fault(config.max_delay(Duration::ZERO)), "max_delay");
    for base in [0.5, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(at_fault(config.exponential_base(base)), "exponential_base");
    }
    assert_eq!(at_fault(config.max_elapsed(secs(1))), "max_elapsed");
    assert!(config.check().is_ok());
}

#[test]
fn the_last_error_comes_back_as_it_is() {
    let _installed = ManualClock::new().install();
    let retry = Retry::builder().build("retry.last").unwrap();
    let mut calls = 0;
    let answer: Result<(), i32> = retry.call(|| {
        calls += 1;
        Err(calls)
    });
    assert_eq!(answer, Err(3));
    assert_eq!((retry.retries(), retry.exhausted()), (2, 1));
}

#[test]
fn predicates_hints_and_hooks_chain() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let start = clock.now();
    let retry = Retry::builder().max_attempts(10).jitter(Jitter::None).build("retry.chain").unwrap();
    let mut seen: Vec<(u32, Duration, Option<&str>)> = Vec::new();
    let mut script = vec![Err("busy"), Ok(0), Err("reset"), Ok(7)].into_iter();
    let answer = retry
        .retry_if(|error: &&str| *error != "fatal")
        .retry_ok_if(|value: &i32| *value == 0)
        .retry_after(|error: &&str| (*error == "busy").then_some(secs(30)))
        .before_retry(|next: &NextAttempt<'_, i32, &'static str>| {
            seen.push((next.number, next.waited, next.error().copied()))
        })
        .call(|| script.next().unwrap());
    assert_eq!(answer, Ok(7));
    assert_eq!(seen, [(2, secs(30), Some("busy")), (3, secs(2), None), (4, secs(4), Some("reset"))]);
    assert_eq!(clock.now().saturating_since(start), secs(36));
}

#[test]
fn a_class_decides_when_asked_to() {
    let _installed = ManualClock::new().install();
    let retry = Retry::builder().build("retry.class").unwrap();
    let mut calls = 0;
    let refused = retry.by_class().call(|| {
        calls += 1;
        Err::<(), _>(crate::Error::circuit_open("elsewhere", None))
    });
    assert!(refused.is_err());
    assert_eq!(calls, 1);
    let aborted: Result<(), &str> = retry.abort_if(|error: &&str| *error == "fatal").call(|| {
        calls += 1;
        Err("fatal")
    });
    assert_eq!((aborted, calls), (Err("fatal"), 2));
}

#[tokio::test(start_paused = true)]
async fn an_async_operation_is_called_anew_for_each_attempt() {
    let retry = Retry::builder().jitter(Jitter::None).build("retry.async").unwrap();
    let start = clock::now();
    let calls = Cell::new(0);
    let answer: Result<u32, u32> = retry
        .call_async(|| async {
            calls.set(calls.get() + 1);
            if calls.get() == 3 { Ok(calls.get()) } else { Err(calls.get()) }
        })
        .await;
    assert_eq!(answer, Ok(3));
    assert_eq!(clock::now().saturating_since(start), secs(3));
}
