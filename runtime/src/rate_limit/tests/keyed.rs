//! Limits per key, and the registry of limiters.

use std::{sync::Arc, time::Duration};

use tokio::task::yield_now;

use super::{Algorithm, wait};
use crate::{
    Kind,
    clock::{self, ManualClock},
    rate_limit::{KeyedRateLimiter, Rate, RateLimitConfig, RateLimiterRegistry},
};

const SECOND: Duration = Duration::from_secs(1);

fn keyed(config: RateLimitConfig) -> KeyedRateLimiter {
    config.build_keyed("test").unwrap()
}

#[test]
fn every_key_has_its_own_tokens() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_second(2)));
    for key in ["ann", "bob"] {
        assert_eq!(limiter.available_tokens(key), 2.0);
        limiter.try_acquire(key, 1.0).unwrap();
        limiter.try_acquire(key, 1.0).unwrap();
        assert_eq!(wait(limiter.try_acquire(key, 1.0)), SECOND / 2);
    }
    assert_eq!(limiter.try_acquire("cleo", 3.0).unwrap_err().kind(), Kind::ExceedsBurst);
    assert_eq!(limiter.len(), 2);
    clock.advance(SECOND / 2);
    limiter.try_acquire("ann", 1.0).unwrap();
    limiter.remove("bob");
    assert_eq!((limiter.available_tokens("bob"), limiter.len()), (2.0, 1));
    limiter.reset();
    assert_eq!((limiter.available_tokens("ann"), limiter.len()), (2.0, 0));
    assert_eq!((limiter.admitted_count(), limiter.rejected_count()), (5, 3));
}

#[test]
fn every_algorithm_works_per_key() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for algorithm in [Algorithm::TokenBucket, Algorithm::FixedWindow, Algorithm::SlidingWindow] {
        let limiter = keyed(RateLimitConfig::new(Rate::per_second(2)).algorithm(algorithm));
        limiter.try_acquire(&1, 2.0).unwrap();
        let wait = wait(limiter.try_acquire(&1, 1.0));
        clock.advance(wait - Duration::from_nanos(1));
        limiter.try_acquire(&1, 1.0).unwrap_err();
        clock.advance(Duration::from_nanos(1));
        limiter.try_acquire(&1, 1.0).unwrap();
    }
}

#[test]
fn a_million_keys_take_no_more_room_than_permitted() {
    let _installed = ManualClock::new().install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_hour(10)).max_keys(1000));
    let registry = RateLimiterRegistry::new(RateLimitConfig::new(Rate::per_hour(10)).max_keys(100)).unwrap();
    for key in 0..1_000_000_u32 {
        limiter.try_acquire(&key, 1.0).unwrap();
        if key % 10 == 0 {
            registry.get_limiter(&key).try_acquire(1.0).unwrap();
        }
        if key % 100_000 == 0 {
            assert!(limiter.len() <= 1000 && registry.len() <= 100);
        }
    }
    assert!((900..=1000).contains(&limiter.len()), "{}", limiter.len());
    assert!((60..=100).contains(&registry.len()), "{}", registry.len());
}

#[test]
fn a_spent_key_outlives_a_flood_of_others() {
    let _installed = ManualClock::new().install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_hour(10)).max_keys(1024));
    for spent in 0..20 {
        limiter.try_acquire(&("spent", spent), 10.0).unwrap();
    }
    for key in 0..200_000 {
        limiter.try_acquire(&("flood", key), 1.0).unwrap();
    }
    for spent in 0..20 {
        limiter.try_acquire(&("spent", spent), 1.0).unwrap_err();
    }
}

#[test]
fn idle_keys_leave_as_others_come() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_second(1)));
    for key in 0..10_000 {
        limiter.try_acquire(&key, 1.0).unwrap();
    }
    assert_eq!(limiter.len(), 10_000);
    clock.advance(SECOND);
    for key in 10_000..20_100 {
        limiter.try_acquire(&key, 1.0).unwrap();
    }
    assert!(limiter.len() < 10_500, "{}", limiter.len());
}

#[test]
fn keys_in_use_stay_even_if_their_tokens_are_back_at_once() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for algorithm in [Algorithm::TokenBucket, Algorithm::FixedWindow, Algorithm::SlidingWindow] {
        let rate = Rate::new(1000, Duration::from_millis(1));
        let limiter = keyed(RateLimitConfig::new(rate).algorithm(algorithm));
        for step in 0..1000 {
            limiter.try_acquire(&(step % 100), 1.0).unwrap();
            clock.advance(Duration::from_millis(5));
        }
        assert_eq!(limiter.len(), 100);
        clock.advance(2 * SECOND);
        (100..400).for_each(|key| limiter.try_acquire(&key, 1.0).unwrap());
        assert!(limiter.len() < 320, "{}", limiter.len());
    }
}

#[test]
fn the_smallest_table_still_limits_its_last_key() {
    let _installed = ManualClock::new().install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_hour(1)).max_keys(1));
    for key in 0..10 {
        limiter.try_acquire(&key, 1.0).unwrap();
        limiter.try_acquire(&key, 1.0).unwrap_err();
        assert_eq!(limiter.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn waiters_of_a_key_are_served_in_order_and_hold_up_no_other_key() {
    let limiter = Arc::new(keyed(RateLimitConfig::new(Rate::per_second(1)).max_wait(10 * SECOND)));
    let start = clock::now();
    limiter.try_acquire("a", 1.0).unwrap();
    let tasks: Vec<_> = (1..=3)
        .map(|turn| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move {
                limiter.enter_async("a", 1.0, None).await.unwrap();
                assert_eq!(clock::now().saturating_since(start), turn * SECOND);
            })
        })
        .collect();
    yield_now().await;
    assert_eq!(wait(limiter.try_acquire("a", 1.0)), 4 * SECOND);
    limiter.try_acquire("b", 1.0).unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    limiter.acquire_async("a", 1.0).await.unwrap();
    assert_eq!(clock::now().saturating_since(start), 4 * SECOND);
    assert_eq!(wait(limiter.enter_async("a", 1.0, Some(clock::now())).await), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_key_with_waiters_is_kept_whatever_comes() {
    let limiter = Arc::new(keyed(RateLimitConfig::new(Rate::per_hour(1)).max_keys(4)));
    let start = clock::now();
    limiter.try_acquire("held", 1.0).unwrap();
    let waiter = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_async("held", 1.0).await.map(|()| clock::now()) }
    });
    yield_now().await;
    for key in 0..10_000 {
        limiter.try_acquire(&key, 1.0).unwrap();
    }
    assert!(limiter.len() <= 4);
    assert_eq!(wait(limiter.try_acquire("held", 1.0)), 7200 * SECOND);
    assert_eq!(waiter.await.unwrap().unwrap().saturating_since(start), 3600 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn removing_a_key_serves_its_waiters() {
    let limiter = Arc::new(keyed(RateLimitConfig::new(Rate::per_hour(1))));
    let start = clock::now();
    for forget in [|limiter: &KeyedRateLimiter| limiter.remove("a"), KeyedRateLimiter::reset] {
        let _ = limiter.try_acquire("a", 1.0);
        let waiter = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { limiter.acquire_async("a", 1.0).await }
        });
        yield_now().await;
        forget(&limiter);
        waiter.await.unwrap().unwrap();
        assert_eq!(clock::now(), start);
    }
}

#[test]
fn a_blocked_thread_waits_for_its_key() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = keyed(RateLimitConfig::new(Rate::per_second(1)).max_wait(SECOND));
    let start = clock.now();
    limiter.enter("a", 1.0, None).unwrap();
    limiter.enter("a", 1.0, None).unwrap();
    limiter.acquire("a", 1.0).unwrap();
    limiter.acquire_timeout("a", 1.0, SECOND / 2).unwrap_err();
    assert_eq!(clock.now().saturating_since(start), 2 * SECOND);
}

#[test]
fn threads_on_many_keys_never_get_one_token_more() {
    let clock = ManualClock::new();
    let limiter = keyed(RateLimitConfig::new(Rate::per_hour(5)));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let _installed = clock.install();
                for step in 0..20_000 {
                    let _ = limiter.try_acquire(&(step % 100), 1.0);
                }
            });
        }
    });
    assert_eq!((limiter.admitted_count(), limiter.rejected_count()), (500, 79_500));
}

#[test]
fn a_registry_gives_the_same_limiter_for_the_same_key_until_it_is_removed() {
    let _installed = ManualClock::new().install();
    let registry = RateLimiterRegistry::new(RateLimitConfig::new(Rate::per_hour(2))).unwrap();
    let ann = registry.get_limiter("ann");
    assert!(Arc::ptr_eq(&ann, &registry.get_limiter("ann")));
    assert!(!Arc::ptr_eq(&ann, &registry.get_limiter("bob")));
    ann.try_acquire(2.0).unwrap();
    registry.get_limiter("ann").try_acquire(1.0).unwrap_err();
    registry.reset_all();
    ann.try_acquire(1.0).unwrap();
    assert!(registry.remove_limiter("ann"));
    assert!(!registry.remove_limiter("ann"));
    assert!(!Arc::ptr_eq(&ann, &registry.get_limiter("ann")));
    assert!(RateLimiterRegistry::new(RateLimitConfig::new(Rate::per_hour(0))).is_err());
}

#[test]
fn limiters_that_were_set_or_are_held_are_never_let_go() {
    let _installed = ManualClock::new().install();
    let registry = RateLimiterRegistry::new(RateLimitConfig::new(Rate::per_hour(2)).max_keys(8)).unwrap();
    registry.set_limiter("premium", RateLimitConfig::new(Rate::per_hour(1000))).unwrap();
    assert!(registry.set_limiter("x", RateLimitConfig::new(Rate::per_hour(0))).is_err());
    let held = registry.get_limiter("held");
    for key in 0..10_000 {
        registry.get_limiter(&key).try_acquire(1.0).unwrap();
    }
    assert!(registry.len() <= 8);
    assert_eq!(registry.get_limiter("premium").available_tokens(), 1000.0);
    assert!(Arc::ptr_eq(&held, &registry.get_limiter("held")));
    registry.reset_all();
    assert_eq!(registry.get_limiter("premium").available_tokens(), 1000.0);
    registry.remove_limiter("premium");
    assert_eq!(registry.get_limiter("premium").available_tokens(), 2.0);
}
