//! Options that are changed from outside while the limit runs.

use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    task::{Context, Waker},
};

use super::*;
use crate::{
    clock::ManualClock,
    rate_limit::{Asked, KeyedRateLimiter, Rate},
};

/// Whether it was admitted; `None` where it is to wait.
fn done(asked: Asked<'_>) -> Option<bool> {
    match asked {
        Asked::Done(answer) => Some(answer.is_ok()),
        Asked::Later(_) => None,
    }
}

fn admitted(limiter: &RateLimiter, requests: u32) -> u32 {
    (0..requests).filter(|_| limiter.try_acquire(1.0).is_ok()).count() as u32
}

#[test]
fn a_changed_rate_keeps_the_tokens_that_are_there_and_a_changed_burst_as_many_as_fit() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(10)));
    assert_eq!(admitted(&limiter, 4), 4);
    steer(&limiter, RateLimitConfig::new(Rate::per_second(100)), true);
    assert_eq!((limiter.available_tokens(), limiter.config().burst_tokens()), (6.0, 100));
    clock.advance(ms(50));
    assert_eq!(limiter.available_tokens(), 11.0);
    steer(&limiter, RateLimitConfig::new(Rate::per_second(100)).burst(5), true);
    assert_eq!((limiter.available_tokens(), admitted(&limiter, 9)), (5.0, 5));
}

#[test]
fn a_window_follows_too() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = |limit| RateLimitConfig::new(Rate::per_second(limit)).algorithm(Algorithm::SlidingWindow);
    let limiter = limiter(config(10));
    assert_eq!(admitted(&limiter, 4), 4);
    steer(&limiter, config(8), true);
    assert_eq!(admitted(&limiter, 9), 6);
    let hosts = config(3).build_keyed("test").unwrap();
    let of_a = || (0..9).filter(|_| hosts.try_acquire("a", 1.0).is_ok()).count();
    assert_eq!(of_a(), 3);
    steer(&hosts, config(5), true);
    clock.advance(ms(2000));
    assert_eq!(of_a(), 5);
    steer(&hosts, config(5), false);
    assert_eq!(of_a(), 9);
}

#[test]
fn who_waits_is_served_at_the_new_rate_and_keeps_the_end_of_the_wait_it_began_with() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = RateLimitConfig::new(Rate::per_minute(1)).max_wait(ms(90_000));
    let limiter = limiter(config);
    assert_eq!(admitted(&limiter, 1), 1);
    let mut waiting = pin!(limiter.enter_async(1.0, None));
    let mut poll = || waiting.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(poll().is_pending());
    steer(&limiter, RateLimitConfig::new(Rate::per_second(2)).burst(1), true);
    assert!(poll().is_pending());
    assert!(limiter.enter(1.0, None).is_err(), "no `max_wait` is in force any more");
    clock.advance(ms(500));
    assert!(poll().is_ready());
}

#[test]
fn a_wait_can_be_given_where_the_code_has_none() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = RateLimitConfig::new(Rate::per_second(1));
    let limiter = limiter(config);
    let hosts = config.build_keyed("test").unwrap();
    assert_eq!(done(limiter.enter_now(1.0)), Some(true));
    assert_eq!(done(hosts.enter_now("a", 1.0)), Some(true));
    assert_eq!((done(limiter.enter_now(1.0)), done(hosts.enter_now("a", 1.0))), (Some(false), Some(false)));
    assert_eq!((limiter.rejected_count(), hosts.rejected_count()), (1, 1));
    steer(&limiter, config.max_wait(ms(5000)), true);
    steer(&hosts, config.max_wait(ms(5000)), true);
    assert_eq!((done(limiter.enter_now(1.0)), done(hosts.enter_now("a", 1.0))), (None, None));
    assert!(matches!(limiter.enter_now(9.0), Asked::Done(Err(Error::ExceedsBurst { .. }))));
    assert_eq!((limiter.rejected_count(), hosts.rejected_count()), (2, 1));
}

#[test]
fn switched_off_it_admits_all_counts_nothing_and_lets_the_waiters_go() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let config = RateLimitConfig::new(Rate::per_hour(1)).max_wait(Duration::from_secs(9999));
    let limiter = limiter(config);
    let hosts = config.build_keyed("test").unwrap();
    limiter.try_acquire(1.0).unwrap();
    hosts.try_acquire("a", 1.0).unwrap();
    let (mut first, mut second) =
        (pin!(limiter.enter_async(1.0, None)), pin!(limiter.enter_async(1.0, None)));
    let mut of_key = pin!(hosts.enter_async("a", 1.0, None));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut cx).is_pending() && of_key.as_mut().poll(&mut cx).is_pending());
    assert!(second.as_mut().poll(&mut cx).is_pending());
    steer(&limiter, config, false);
    steer(&hosts, config, false);
    assert!(first.as_mut().poll(&mut cx).is_ready() && of_key.as_mut().poll(&mut cx).is_ready());
    assert!(second.as_mut().poll(&mut cx).is_ready());
    let (before, tokens) = (limiter.admitted_count(), limiter.available_tokens());
    assert_eq!(admitted(&limiter, 50), 50);
    assert!(limiter.try_acquire(1e9).is_ok() && limiter.enter(5.0, None).is_ok());
    assert!(
        (0..50).all(|_| hosts.try_acquire("a", 3.0).is_ok() && done(hosts.enter_now("b", 1.0)) == Some(true))
    );
    assert_eq!((limiter.admitted_count(), limiter.available_tokens()), (before, tokens));
    assert_eq!(hosts.len(), 1, "a key that came meanwhile is not remembered");
    steer(&limiter, config, true);
    assert!(limiter.try_acquire(1.0).is_err());
}

#[test]
fn a_rate_set_by_hand_holds_until_an_option_says_something_else() {
    let config = RateLimitConfig::new(Rate::per_second(10));
    let limiter = limiter(config);
    limiter.set_rate(Rate::per_second(50)).unwrap();
    steer(&limiter, config.max_wait(ms(5)), true);
    assert_eq!(limiter.config(), RateLimitConfig::new(Rate::per_second(50)).max_wait(ms(5)));
    steer(&limiter, RateLimitConfig::new(Rate::per_second(20)), true);
    assert_eq!(limiter.config().rate(), Rate::per_second(20));
}

#[test]
fn fewer_keys_are_remembered_as_others_come() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for algorithm in [Algorithm::TokenBucket, Algorithm::FixedWindow] {
        let config = RateLimitConfig::new(Rate::per_hour(5)).algorithm(algorithm).max_keys(50);
        let hosts: KeyedRateLimiter = config.build_keyed("test").unwrap();
        let ask = |keys: std::ops::Range<u32>| keys.for_each(|key| hosts.try_acquire(&key, 1.0).unwrap());
        ask(0..50);
        steer(&hosts, config.max_keys(10), true);
        ask(100..200);
        assert_eq!(hosts.len(), 10, "{algorithm}");
        steer(&hosts, config.max_keys(30), true);
        ask(200..300);
        assert_eq!(hosts.len(), 30, "{algorithm}");
    }
}

fn windowed(config: RateLimitConfig) -> RateLimitConfig {
    config.algorithm(Algorithm::SlidingWindow)
}

#[test]
fn one_that_is_full_counts_in_another_way_as_if_it_had_always_done_so() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let bucket = RateLimitConfig::new(Rate::per_second(10)).burst(3);
    let window = windowed(RateLimitConfig::new(Rate::per_second(10)));
    let (limiter, hosts) = (limiter(bucket), bucket.build_keyed("test").unwrap());
    let of_a = |requests: u32| (0..requests).filter(|_| hosts.try_acquire("a", 1.0).is_ok()).count();
    steer(&limiter, window, true);
    steer(&hosts, window, true);
    assert_eq!((admitted(&limiter, 99), of_a(99)), (10, 10));
    clock.advance(ms(10_000));
    steer(&limiter, bucket, true);
    steer(&hosts, bucket, true);
    assert_eq!((admitted(&limiter, 99), of_a(99)), (3, 3));
    clock.advance(ms(100));
    assert_eq!((limiter.available_tokens(), hosts.available_tokens("a")), (1.0, 1.0));
}

#[test]
fn another_way_to_count_keeps_the_tokens_that_are_there_of_every_key() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let bucket = RateLimitConfig::new(Rate::per_second(10));
    let (limiter, hosts) = (limiter(bucket), bucket.build_keyed("test").unwrap());
    assert_eq!(admitted(&limiter, 4), 4);
    (0..200_u32).for_each(|host| hosts.try_acquire(&host, f64::from(1 + host % 9)).unwrap());
    let left = |host: u32| 10.0 - f64::from(1 + host % 9);
    for config in [windowed(bucket), bucket.algorithm(Algorithm::FixedWindow), bucket, windowed(bucket)] {
        steer(&limiter, config, true);
        steer(&hosts, config, true);
        assert_eq!((limiter.available_tokens(), limiter.config()), (6.0, config));
        assert!((0..200).all(|host| hosts.available_tokens(&host) == left(host)), "{config}");
        assert_eq!((hosts.len(), hosts.available_tokens(&777)), (200, 10.0));
    }
    hosts.remove(&3);
    hosts.reset();
    limiter.reset();
    assert_eq!((hosts.len(), limiter.available_tokens()), (0, 10.0));
}

#[test]
fn who_waits_keeps_its_place_when_the_limit_counts_in_another_way() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let bucket = RateLimitConfig::new(Rate::per_second(1)).max_wait(ms(60_000));
    let (limiter, hosts) = (limiter(bucket), bucket.build_keyed("test").unwrap());
    assert_eq!(admitted(&limiter, 9), 1);
    hosts.try_acquire("a", 1.0).unwrap();
    let (mut first, mut of_key) =
        (pin!(limiter.enter_async(1.0, None)), pin!(hosts.enter_async("a", 1.0, None)));
    let mut cx = Context::from_waker(Waker::noop());
    for config in [windowed(bucket), bucket] {
        assert!(first.as_mut().poll(&mut cx).is_pending() && of_key.as_mut().poll(&mut cx).is_pending());
        steer(&limiter, config, true);
        steer(&hosts, config, true);
        assert_eq!(limiter.waiting(), 1);
        clock.advance(ms(400));
        assert!(limiter.try_acquire(1.0).is_err() && hosts.try_acquire("a", 1.0).is_err());
    }
    clock.advance(ms(2000));
    // The tokens are there, and belong to those who wait.
    assert!(limiter.try_acquire(1.0).is_err() && hosts.try_acquire("a", 1.0).is_err());
    assert!(first.as_mut().poll(&mut cx).is_ready() && of_key.as_mut().poll(&mut cx).is_ready());
}

/// As below, with another way to count each time.
#[test]
fn another_way_to_count_under_load_admits_nothing_twice() {
    let clock = ManualClock::new();
    let bucket = RateLimitConfig::new(Rate::per_hour(1000));
    let (limiter, hosts) = (limiter(bucket), bucket.build_keyed("test").unwrap());
    let (of_one, of_keys, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let _installed = clock.install();
                    for call in 0..20_000_u32 {
                        of_one.fetch_add(u64::from(limiter.try_acquire(1.0).is_ok()), Ordering::Relaxed);
                        let taken = hosts.try_acquire(&(call % 5), 1.0).is_ok();
                        of_keys.fetch_add(u64::from(taken), Ordering::Relaxed);
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let _installed = clock.install();
            let ways = [bucket, windowed(bucket), bucket.algorithm(Algorithm::FixedWindow)];
            for config in ways.iter().cycle().take_while(|_| !done.load(Ordering::Relaxed)) {
                steer(&limiter, *config, true);
                steer(&hosts, *config, true);
            }
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!((of_one.into_inner(), of_keys.into_inner()), (1000, 5000));
    assert_eq!((limiter.admitted_count(), hosts.admitted_count(), hosts.len()), (1000, 5000, 5));
}

#[test]
fn what_the_code_says_of_a_bucket_is_nothing_to_a_window() {
    let code = RateLimitConfig::new(Rate::per_second(5)).burst(9).initial(2);
    let named = |name: &str| RateLimiter::OPTIONS.iter().find(|option| option.name() == name).unwrap();
    let window = named("algorithm").read(code, "fixed_window").unwrap();
    assert_eq!((window.check(), named("burst").show(&window)), (Ok(()), None));
    assert_eq!(named("algorithm").read(code, "token_bucket"), Ok(code));
    assert_eq!(named("burst").read(window, "7").unwrap().check().unwrap_err().option(), "burst");
}

#[test]
fn what_makes_no_sense_together_is_told_by_the_option() {
    let check = |config: RateLimitConfig| {
        RateLimiter::check_config(&config).map_err(|error| error.option().to_owned())
    };
    let config = RateLimitConfig::new(Rate::per_second(5));
    assert_eq!(check(config.burst(0)), Err("burst".to_owned()));
    assert_eq!(check(config.initial(6)), Err("initial".to_owned()));
    assert_eq!(check(config.algorithm(Algorithm::FixedWindow).burst(5)), Err("burst".to_owned()));
    let read = |name: &str, text: &str| {
        let option = RateLimiter::OPTIONS.iter().find(|option| option.name() == name).unwrap();
        option.read(config, text).map(|config| config.to_string())
    };
    assert_eq!(read("rate", "3/min"), Ok("3/min, burst 3".to_owned()));
    assert_eq!(read("burst", "9"), Ok("5/s, burst 9".to_owned()));
    assert_eq!(read("max_wait", "1s"), Ok("5/s, burst 5, max_wait 1s".to_owned()));
    assert!(read("rate", "3").unwrap_err().contains("3/s"));
}

/// Four threads take tokens while another one changes rates, and no reader sees half of a change: time stands still, so
/// whatever happens, no more are admitted than the largest burst holds for each time it could be filled, and that is once.
#[test]
fn a_change_under_load_gives_nothing_away_and_admits_nothing_twice() {
    let clock = ManualClock::new();
    let limiter = limiter(RateLimitConfig::new(Rate::per_hour(1000)));
    let (admitted, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let _installed = clock.install();
                    for _ in 0..50_000 {
                        admitted.fetch_add(u64::from(limiter.try_acquire(1.0).is_ok()), Ordering::Relaxed);
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let _installed = clock.install();
            let mut random = fastrand::Rng::with_seed(5);
            while !done.load(Ordering::Relaxed) {
                // Another amount of time to a token each time: half of one meter with half of the other would give tokens away.
                let amount = [1000, 999, 7, 60_000][random.usize(..4)];
                steer(&limiter, RateLimitConfig::new(Rate::per_hour(amount)).burst(1000), true);
            }
        });
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    let _installed = clock.install();
    let admitted = admitted.load(Ordering::Relaxed);
    assert!(admitted <= 1000, "{admitted}");
    assert_eq!(limiter.admitted_count(), admitted);
    assert_eq!(limiter.admitted_count() + limiter.rejected_count(), 200_000);
    // A conversion cuts a fraction of a token, and adds none.
    assert!(admitted as f64 + limiter.available_tokens() <= 1000.0);
}
