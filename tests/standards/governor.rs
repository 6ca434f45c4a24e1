//! The `governor` crate, the generic cell rate algorithm. Its quota of so many per second is our rate, whose burst is the
//! same number unless said otherwise; its `check` is `try_acquire`, its `until_ready` is `acquire_async`.

use std::{sync::Arc, time::Duration};

use mainstay::{
    Error, Kind, clock, rate_limit,
    rate_limit::{KeyedRateLimiter, Rate, RateLimitConfig, RateLimiter},
};
use mainstay_testkit::ManualClock;

use crate::support::{SECOND, ms};

fn per_second(amount: u32) -> RateLimiter {
    RateLimitConfig::new(Rate::per_second(amount)).build("governor").unwrap()
}

fn keyed(rate: Rate) -> KeyedRateLimiter {
    RateLimitConfig::new(rate).build_keyed("governor").unwrap()
}

/// At each time, in milliseconds, whether so many tokens are given.
fn follow(clock: &ManualClock, check: impl Fn() -> Result<(), Error>, rows: &[(u64, bool)]) {
    let start = clock.now();
    for (time, expected) in rows {
        clock.advance(ms(*time) - clock.now().saturating_since(start));
        assert_eq!(check().is_ok(), *expected, "at {time} ms");
    }
}

const TWO_PER_SECOND: [(u64, bool); 6] =
    [(0, true), (1, true), (2, false), (1002, true), (1003, true), (1004, false)];

/// GV-01, GV-x01: one by one, and as requests for one.
#[test]
fn so_many_are_given_at_once_and_after_a_second_again() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(2);
    follow(&clock, || limiter.try_acquire(1.0), &TWO_PER_SECOND);

    #[rate_limit("2/s")]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    follow(&clock, call, &TWO_PER_SECOND);
}

/// GV-02.
#[test]
fn a_long_pause_gives_no_more_than_the_burst() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(5);
    for _ in 0..2 {
        (0..5).for_each(|_| limiter.try_acquire(1.0).unwrap());
        limiter.try_acquire(1.0).unwrap_err();
        clock.advance(SECOND * 2);
    }
}

/// GV-x02.
#[test]
fn two_at_a_time_get_no_more_than_one_at_a_time() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(4);
    let rows = [(0, true), (0, true), (1, false), (1001, true), (1002, true), (1003, false)];
    // The fourth pair needs the two of the last half second: 1002 is a full second after 0.
    follow(&clock, || limiter.try_acquire(2.0), &rows);
}

/// GV-04, GV-x03, GV-x04: also when waiting, and however long.
#[tokio::test(start_paused = true)]
async fn more_than_the_burst_is_never_given() {
    let limiter = per_second(5);
    for tokens in [15.0, 7.0, 6.0] {
        let error = limiter.try_acquire(tokens).unwrap_err();
        assert!(matches!(error, Error::ExceedsBurst { burst: 5.0, .. }), "{error}");
        assert_eq!(limiter.acquire_async(tokens).await.unwrap_err().kind(), Kind::ExceedsBurst);
    }
    tokio::time::advance(SECOND * 20).await;
    assert_eq!(limiter.try_acquire(15.0).unwrap_err().kind(), Kind::ExceedsBurst);
    limiter.try_acquire(5.0).unwrap();
    let keyed = keyed(Rate::per_second(10));
    assert_eq!(keyed.acquire_async(&1, 11.0).await.unwrap_err().kind(), Kind::ExceedsBurst);
}

/// GV-05: the source checks from twenty threads.
#[test]
fn twenty_threads_get_twenty() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(20);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let _installed = clock.install();
                limiter.try_acquire(1.0).unwrap();
            });
        }
    });
    follow(&clock, || limiter.try_acquire(1.0), &[(2, false), (1000, true)]);
}

/// GV-x05.
#[test]
fn what_remains_can_be_read() {
    let _installed = ManualClock::new().install();
    let limiter = per_second(4);
    for left in [3.0, 2.0, 1.0, 0.0] {
        limiter.try_acquire(1.0).unwrap();
        assert_eq!(limiter.available_tokens(), left);
    }
    limiter.try_acquire(1.0).unwrap_err();
}

/// GV-07.
#[test]
fn a_quota_of_one_per_period_may_have_a_burst_and_idling_adds_nothing_to_it() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = RateLimitConfig::new(Rate::new(1, ms(90))).burst(2).build("governor").unwrap();
    for _ in 0..2 {
        for left in [1.0, 0.0] {
            limiter.try_acquire(1.0).unwrap();
            assert_eq!(limiter.available_tokens(), left);
        }
        assert_eq!(limiter.try_acquire(1.0).unwrap_err().retry_after(), Some(ms(90)));
        clock.advance(SECOND * 120);
    }
}

/// GV-08, GV-x06.
#[test]
fn the_wait_in_a_refusal_is_exact() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = per_second(5);
    let mut conforming = 0;
    for _ in 0..20 {
        clock.advance(ms(1));
        if let Err(refused) = limiter.try_acquire(1.0) {
            clock.advance(refused.retry_after().unwrap());
            limiter.try_acquire(1.0).unwrap();
        }
        conforming += 1;
    }
    assert_eq!(conforming, 20);
    // For many quotas: refused until a nanosecond before, given at the time.
    for amount in [1, 3, 7, 100, 9999] {
        let limiter = per_second(amount);
        limiter.try_acquire(f64::from(amount)).unwrap();
        for _ in 0..10 {
            let wait = limiter.try_acquire(1.0).unwrap_err().retry_after().unwrap();
            clock.advance(wait - Duration::from_nanos(1));
            limiter.try_acquire(1.0).unwrap_err();
            clock.advance(Duration::from_nanos(1));
            limiter.try_acquire(1.0).unwrap();
        }
    }
}

/// GV-08: there it reads as an instant; our sentence names the policy too.
#[test]
fn a_refusal_reads_as_how_long_to_wait() {
    let _installed = ManualClock::new().install();
    let limiter = per_second(1);
    limiter.try_acquire(1.0).unwrap();
    let text = limiter.try_acquire(1.0).unwrap_err().to_string();
    assert!(text.contains("governor") && text.contains("1s"), "{text}");
}

/// GV-x07.
#[test]
fn the_same_rate_may_have_another_burst() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let minute = RateLimitConfig::new(Rate::per_minute(60)).build("governor").unwrap();
    minute.try_acquire(60.0).unwrap();
    assert_eq!(per_second(1).try_acquire(60.0).unwrap_err().kind(), Kind::ExceedsBurst);
    assert_eq!(minute.try_acquire(1.0).unwrap_err().retry_after(), Some(SECOND));
    // Two per hour with a burst of 90: all is back after 45 hours.
    let hour = RateLimitConfig::new(Rate::per_hour(2)).burst(90).build("governor").unwrap();
    hour.try_acquire(90.0).unwrap();
    assert_eq!(hour.try_acquire(1.0).unwrap_err().retry_after(), Some(SECOND * 1800));
    assert_eq!(hour.try_acquire(90.0).unwrap_err().retry_after(), Some(SECOND * 3600 * 45));
    // One per day, and ten at once.
    let day = RateLimitConfig::new(Rate::new(1, SECOND * 86_400)).burst(10).build("governor").unwrap();
    day.try_acquire(10.0).unwrap();
    assert_eq!(day.try_acquire(1.0).unwrap_err().retry_after(), Some(SECOND * 86_400));
}

/// GV-x08: a quota of nothing, or of no time, cannot be made. One finer than a nanosecond a token is refused too; governor
/// takes it.
#[test]
fn a_quota_of_nothing_or_of_no_time_or_too_fine_a_one_is_no_configuration() {
    for rate in [Rate::per_second(0), Rate::new(1, Duration::ZERO), Rate::per_second(1_000_000_001)] {
        assert_eq!(RateLimitConfig::new(rate).check().unwrap_err().option(), "rate");
    }
}

/// GV-x09: `until_ready`, `until_n_ready` and their keyed forms: at least 100 ms there, exactly here.
#[tokio::test(start_paused = true)]
async fn who_waits_goes_on_when_the_tokens_are_there() {
    let limiter = per_second(10);
    let start = clock::now();
    limiter.acquire_async(1.0).await.unwrap();
    limiter.acquire_async(2.0).await.unwrap();
    assert_eq!(clock::now(), start, "nothing to wait for");
    limiter.try_acquire(7.0).unwrap();
    limiter.acquire_async(1.0).await.unwrap();
    assert_eq!(clock::now().saturating_since(start), ms(100));

    let (limiter, start) = (per_second(10), clock::now());
    limiter.try_acquire(6.0).unwrap();
    limiter.acquire_async(5.0).await.unwrap();
    assert_eq!(clock::now().saturating_since(start), ms(100));

    let (limiter, start) = (keyed(Rate::per_second(10)), clock::now());
    limiter.try_acquire(&1, 6.0).unwrap();
    limiter.acquire_async(&1, 5.0).await.unwrap();
    assert_eq!(clock::now().saturating_since(start), ms(100));
    limiter.acquire_async(&2, 10.0).await.unwrap();
    assert_eq!(clock::now().saturating_since(start), ms(100), "another key");
}

/// GV-x10, GV-x14: twenty wait for a limit of ten per second.
#[tokio::test(start_paused = true)]
async fn of_many_who_wait_each_has_its_turn() {
    let (limiter, start) = (Arc::new(per_second(10)), clock::now());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let limiter = Arc::clone(&limiter);
        tasks.spawn(async move {
            limiter.acquire_async(1.0).await.unwrap();
            clock::now().saturating_since(start)
        });
    }
    let mut waits = tasks.join_all().await;
    waits.sort();
    let expected: Vec<_> = (0..20).map(|number: u32| ms(100) * number.saturating_sub(9)).collect();
    assert_eq!(waits, expected);
}

/// GV-x11.
#[test]
fn each_key_has_a_quota_of_its_own() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = keyed(Rate::per_second(2));
    for key in [1, 2] {
        follow(&clock, || limiter.try_acquire(&key, 1.0), &TWO_PER_SECOND);
    }
    assert_eq!(limiter.len(), 2);
    assert_eq!(limiter.try_acquire(&3, 3.0).unwrap_err().kind(), Kind::ExceedsBurst);
}

/// GV-x12: there `retain_recent` drops, when called, the keys that stand as if never used. Ours leave by themselves as
/// others come (decision 0008), once their tokens are back and they were idle for a second.
#[test]
fn keys_that_stand_as_if_never_used_leave() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = keyed(Rate::per_second(20));
    assert!(limiter.is_empty());
    limiter.try_acquire("long-lived", 10.0).unwrap();
    limiter.try_acquire("short-lived", 1.0).unwrap();
    assert_eq!(limiter.len(), 2);
    clock.advance(SECOND * 3);
    for other in 0..10_000 {
        limiter.try_acquire(&other, 1.0).unwrap();
    }
    assert_eq!(
        (limiter.available_tokens("long-lived"), limiter.available_tokens("short-lived")),
        (20.0, 20.0)
    );
    clock.advance(SECOND * 3);
    for other in 10_000..20_100 {
        limiter.try_acquire(&other, 1.0).unwrap();
    }
    assert!(limiter.len() < 10_500, "{}", limiter.len());
}
