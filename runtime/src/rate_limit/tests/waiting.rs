//! Waiting: in the order of arrival, cancel-safe, never in vain.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::task::yield_now;

use super::{Algorithm, limiter, ms, wait};
use crate::{
    Error, Kind,
    clock::{self, ManualClock},
    rate_limit::{Rate, RateLimitConfig, RateLimiter},
};

const SECOND: Duration = Duration::from_secs(1);

/// One token per second, and the first one is gone.
fn spent() -> Arc<RateLimiter> {
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1)));
    limiter.try_acquire(1.0).unwrap();
    Arc::new(limiter)
}

#[tokio::test(start_paused = true)]
async fn waiters_are_served_in_the_order_of_arrival_as_their_tokens_come() {
    let limiter = spent();
    let start = clock::now();
    let served = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..5)
        .map(|index| {
            let (limiter, served) = (Arc::clone(&limiter), Arc::clone(&served));
            tokio::spawn(async move {
                limiter.acquire_async(1.0).await.unwrap();
                served.lock().unwrap().push((index, clock::now().saturating_since(start)));
            })
        })
        .collect();
    yield_now().await;
    assert_eq!(limiter.waiting(), 5);
    for task in tasks {
        task.await.unwrap();
    }
    let expected: Vec<_> = (0..5).map(|index| (index, SECOND * (index + 1))).collect();
    assert_eq!(*served.lock().unwrap(), expected);
    assert_eq!((limiter.waiting(), limiter.admitted_count(), limiter.rejected_count()), (0, 6, 0));
}

/// Timers are no finer than a millisecond, so at this rate every waiter but the first few is woken late.
#[tokio::test(start_paused = true)]
async fn late_timers_do_not_slow_the_queue_down() {
    let keyed = RateLimitConfig::new(Rate::per_second(800)).burst(1).build_keyed("late").unwrap();
    let keyed = Arc::new(keyed);
    let single = Arc::new(limiter(RateLimitConfig::new(Rate::per_second(800)).burst(1)));
    let start = clock::now();
    let waiting = |_| {
        let (single, keyed) = (Arc::clone(&single), Arc::clone(&keyed));
        [
            tokio::spawn(async move { single.acquire_async(1.0).await }),
            tokio::spawn(async move { keyed.acquire_async("key", 1.0).await }),
        ]
    };
    let tasks: Vec<_> = (0..801).flat_map(waiting).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let elapsed = clock::now().saturating_since(start);
    assert!(elapsed >= SECOND && elapsed <= SECOND + ms(2), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_small_request_does_not_overtake_a_large_one() {
    let limiter = Arc::new(limiter(RateLimitConfig::new(Rate::per_second(10))));
    limiter.try_acquire(8.0).unwrap();
    let large = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_async(10.0).await.map(|()| clock::now()) }
    });
    yield_now().await;
    let start = clock::now();
    // Two tokens are there, but they are not for newcomers; the wait counts the queue.
    assert_eq!(limiter.available_tokens(), 2.0);
    assert_eq!(wait(limiter.try_acquire(1.0)), ms(900));
    let small = limiter.acquire_async(1.0).await.map(|()| clock::now());
    assert_eq!(large.await.unwrap().unwrap().saturating_since(start), ms(800));
    assert_eq!(small.unwrap().saturating_since(start), ms(900));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_gives_its_place_back_and_has_taken_nothing() {
    let limiter = spent();
    let start = clock::now();
    let spawn = |tokens| {
        let limiter = Arc::clone(&limiter);
        tokio::spawn(async move { limiter.acquire_async(tokens).await.map(|()| clock::now()) })
    };
    let (head, middle, last) = (spawn(1.0), spawn(1.0), spawn(1.0));
    tokio::time::sleep(ms(500)).await;
    assert_eq!(wait(limiter.try_acquire(1.0)), ms(3500));
    head.abort();
    middle.abort();
    assert!(head.await.is_err() && middle.await.is_err());
    assert_eq!(limiter.waiting(), 1);
    assert_eq!(wait(limiter.try_acquire(1.0)), ms(1500));
    assert_eq!(last.await.unwrap().unwrap().saturating_since(start), SECOND);
    assert_eq!(wait(limiter.try_acquire(1.0)), SECOND);
    assert_eq!(limiter.admitted_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wait_dropped_at_any_moment_leaves_the_limiter_whole() {
    for stop_after in 0..12 {
        let limiter = spent();
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move { limiter.acquire_async(1.0).await })
            })
            .collect();
        tokio::time::sleep(ms(250 * stop_after)).await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        for task in tasks {
            let _ = task.await;
        }
        assert_eq!(limiter.waiting(), 0);
        tokio::time::sleep(SECOND).await;
        limiter.try_acquire(1.0).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_wait_would_be_too_long_is_refused_at_once() {
    let limiter = Arc::new(limiter(RateLimitConfig::new(Rate::per_second(1)).max_wait(2 * SECOND)));
    let start = clock::now();
    limiter.enter_async(1.0, None).await.unwrap();
    let waiters: Vec<_> = (0..2)
        .map(|_| {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move { limiter.enter_async(1.0, None).await })
        })
        .collect();
    yield_now().await;
    // The queue counts: this one's turn would come after three seconds.
    assert_eq!(wait(limiter.enter_async(1.0, None).await), 3 * SECOND);
    assert_eq!(clock::now(), start);
    for waiter in waiters {
        waiter.await.unwrap().unwrap();
    }
    assert_eq!(clock::now().saturating_since(start), 2 * SECOND);
    assert_eq!(wait(limiter.acquire_timeout_async(1.0, ms(999)).await), SECOND);
    limiter.acquire_timeout_async(1.0, SECOND).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1)).max_wait(60 * SECOND));
    let start = clock::now();
    limiter.enter_async(1.0, Some(start)).await.unwrap();
    assert_eq!(wait(limiter.enter_async(1.0, Some(start + ms(999))).await), SECOND);
    assert_eq!(wait(limiter.enter(1.0, Some(start + ms(999)))), SECOND);
    assert_eq!(clock::now(), start);
    limiter.enter_async(1.0, Some(start + SECOND)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_faster_rate_ends_a_wait_early_and_a_slower_one_gives_up_what_became_vain() {
    let limiter = Arc::new(limiter(RateLimitConfig::new(Rate::per_hour(1)).max_wait(7200 * SECOND)));
    limiter.try_acquire(1.0).unwrap();
    let spawn = || {
        let limiter = Arc::clone(&limiter);
        tokio::spawn(async move { limiter.enter_async(1.0, None).await.map(|()| clock::now()) })
    };
    let (first, second) = (spawn(), spawn());
    tokio::time::sleep(SECOND).await;
    let changed = clock::now();
    limiter.set_rate(Rate::per_second(1)).unwrap();
    let first = first.await.unwrap().unwrap();
    assert!(first.saturating_since(changed) <= SECOND);
    yield_now().await;
    limiter.set_rate(Rate::new(1, 36_000 * SECOND)).unwrap();
    let refused = second.await.unwrap().unwrap_err();
    assert_eq!(refused.kind(), Kind::RateLimited);
    assert!(refused.retry_after().unwrap() > 7200 * SECOND);
    assert_eq!(limiter.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn those_behind_a_head_that_became_slow_give_up_at_their_own_limit() {
    let limiter = spent();
    let head = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_async(1.0).await }
    });
    yield_now().await;
    let start = clock::now();
    let behind = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_timeout_async(1.0, 5 * SECOND).await }
    });
    yield_now().await;
    limiter.set_rate(Rate::per_hour(1)).unwrap();
    assert!(wait(behind.await.unwrap()) > 3600 * SECOND);
    assert!(clock::now().saturating_since(start) < 6 * SECOND);
    assert!(!head.is_finished());
    assert_eq!(limiter.waiting(), 1);
    head.abort();
}

#[tokio::test(start_paused = true)]
async fn a_burst_that_became_too_small_for_a_waiter_tells_it() {
    let limiter = Arc::new(limiter(RateLimitConfig::new(Rate::per_second(10))));
    limiter.try_acquire(10.0).unwrap();
    let waiter = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_async(10.0).await }
    });
    yield_now().await;
    limiter.reconfigure(Rate::per_second(10), 5).unwrap();
    assert_eq!(waiter.await.unwrap().unwrap_err().kind(), Kind::ExceedsBurst);
}

#[tokio::test(start_paused = true)]
async fn a_reset_serves_whoever_waits() {
    let limiter = spent();
    let start = clock::now();
    let waiter = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.acquire_async(1.0).await }
    });
    yield_now().await;
    limiter.reset();
    waiter.await.unwrap().unwrap();
    assert_eq!(clock::now(), start);
}

#[tokio::test(start_paused = true)]
async fn windows_serve_their_queue_too_and_know_how_long_it_is() {
    for algorithm in [Algorithm::FixedWindow, Algorithm::SlidingWindow] {
        let limiter = Arc::new(limiter(RateLimitConfig::new(Rate::per_second(2)).algorithm(algorithm)));
        let start = clock::now();
        let mut tasks = Vec::new();
        for waiting in 0..8 {
            let expected =
                limiter.try_acquire(1.0).map_or_else(|error| error.retry_after().unwrap(), |()| ms(0));
            assert_eq!(expected.is_zero(), waiting < 2);
            if waiting >= 2 {
                let limiter = Arc::clone(&limiter);
                tasks.push(tokio::spawn(async move {
                    limiter.acquire_timeout_async(1.0, expected).await.unwrap();
                    assert_eq!(clock::now().saturating_since(start), expected, "{algorithm}");
                }));
                yield_now().await;
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(limiter.waiting(), 0);
    }
}

#[test]
fn a_blocked_thread_waits_its_time_on_the_clock() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(4)).max_wait(ms(500)));
    let start = clock.now();
    limiter.try_acquire(4.0).unwrap();
    limiter.acquire(1.0).unwrap();
    assert_eq!(clock.now().saturating_since(start), ms(250));
    assert_eq!(wait(limiter.acquire_timeout(4.0, ms(999))), SECOND);
    assert_eq!(wait(limiter.enter(4.0, None)), SECOND);
    assert_eq!(clock.now().saturating_since(start), ms(250));
    limiter.acquire_timeout(4.0, SECOND).unwrap();
    limiter.enter(2.0, None).unwrap();
    assert_eq!(clock.now().saturating_since(start), ms(1750));
    assert_eq!(limiter.acquire(5.0).unwrap_err().kind(), Kind::ExceedsBurst);
    assert_eq!(limiter.waiting(), 0);
}

#[test]
fn blocked_threads_all_get_their_tokens_and_not_sooner() {
    let clock = ManualClock::new();
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(10)).burst(1));
    let start = clock.now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let _installed = clock.install();
                limiter.acquire(1.0).unwrap();
            });
        }
    });
    assert_eq!(limiter.admitted_count(), 8);
    assert!(clock.now().saturating_since(start) >= ms(700));
}

#[tokio::test(start_paused = true)]
async fn a_thread_blocked_inside_a_paused_runtime_does_not_wait_for_ever() {
    let limiter = limiter(RateLimitConfig::new(Rate::per_second(1_000_000)).burst(1));
    limiter.try_acquire(1.0).unwrap();
    limiter.acquire(1.0).unwrap();
}

#[tokio::test(start_paused = true)]
async fn calls_run_under_the_limit_and_hear_of_refusals_as_their_own_error() {
    #[derive(Debug)]
    enum Mine {
        Policy(Error),
        Own,
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self::Policy(error)
        }
    }
    let one = limiter(RateLimitConfig::new(Rate::per_hour(3)));
    assert_eq!(one.call(|| Ok::<_, Mine>(7)).unwrap(), 7);
    assert!(matches!(one.call_async(async { Err::<(), _>(Mine::Own) }).await, Err(Mine::Own)));
    one.call_async(async { Ok::<_, Mine>(()) }).await.unwrap();
    let Err(Mine::Policy(refused)) = one.call(|| -> Result<(), Mine> { panic!("must not run") }) else {
        panic!()
    };
    assert_eq!(refused.kind(), Kind::RateLimited);
    let per_key = RateLimitConfig::new(Rate::per_hour(1)).build_keyed("test").unwrap();
    per_key.call("a", || Ok::<_, Mine>(())).unwrap();
    per_key.call_async("b", async { Ok::<_, Mine>(()) }).await.unwrap();
    assert!(per_key.call("a", || Ok::<_, Mine>(())).is_err());
}

#[test]
fn a_future_that_need_not_wait_is_small() {
    let one = limiter(RateLimitConfig::new(Rate::per_second(1)));
    let size = size_of_val(&one.enter_async(1.0, None));
    assert!(size <= 112, "{size}");
}
