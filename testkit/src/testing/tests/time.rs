use std::time::Duration;

use mainstay_runtime::{
    Error,
    bulkhead::Bulkhead,
    clock::{self, ManualClock},
    rate_limit::{Rate, RateLimiter},
    retry::{Jitter, Retry},
    timeout::Timeout,
};

use crate::testing::{self, Time};

const MINUTE: Duration = Duration::from_secs(60);

fn retry() -> Retry {
    let config = Retry::builder().max_attempts(3).initial_delay(MINUTE).jitter(Jitter::None);
    config.max_delay(MINUTE * 10).build("time.retry").unwrap()
}

/// Every wait of a sync policy: of a retry, a queue, a limit.
fn wait_in_every_way() -> Duration {
    let start = clock::now();
    assert!(retry().call(|| Err::<(), _>("down")).is_err());
    assert_eq!(clock::now().saturating_since(start), MINUTE * 3);
    let bulkhead = Bulkhead::builder(1).max_wait(MINUTE).build("time.bulkhead").unwrap();
    let _inside = bulkhead.try_enter().unwrap();
    assert!(bulkhead.enter().is_err());
    let rate = Rate::new(1, MINUTE);
    let limit = RateLimiter::builder(rate).max_wait(MINUTE * 2).build("time.limit").unwrap();
    assert!(limit.acquire(1.0).is_ok() && limit.acquire(1.0).is_ok());
    clock::now().saturating_since(start)
}

#[test]
fn in_a_plain_test_waits_take_no_time() {
    let (scope, real) = (testing::scope(), std::time::Instant::now());
    assert_eq!((scope.time(), wait_in_every_way()), (Time::Automatic, MINUTE * 5));
    assert_eq!(scope.elapsed(), MINUTE * 5);
    assert!(real.elapsed() < MINUTE);
}

#[tokio::test]
async fn in_a_tokio_test_that_is_not_paused_neither_async_nor_sync_waits_take_time() {
    let (scope, real) = (testing::scope(), std::time::Instant::now());
    assert_eq!((scope.time(), wait_in_every_way()), (Time::Paused, MINUTE * 5));
    assert!(retry().call_async(|| async { Err::<(), _>("down") }).await.is_err());
    let limit = Timeout::builder(MINUTE).build("time.limit").unwrap();
    assert!(limit.run(std::future::pending::<()>()).await.is_err());
    // The program's own timers follow the same clock.
    tokio::time::sleep(MINUTE).await;
    // Four timers of tokio's, which count in whole milliseconds since the runtime began.
    let late = scope.elapsed().checked_sub(MINUTE * 10).unwrap();
    assert!(late <= Duration::from_millis(4), "{late:?}");
    assert!(real.elapsed() < MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_paused_runtime_stays_paused_and_one_that_was_not_runs_on_after_the_scope() {
    drop(testing::scope());
    let before = tokio::time::Instant::now();
    let real = std::time::Instant::now();
    while real.elapsed() < Duration::from_millis(1) {}
    assert_eq!(tokio::time::Instant::now(), before);

    tokio::time::resume();
    drop(testing::scope());
    let (before, real) = (tokio::time::Instant::now(), std::time::Instant::now());
    while real.elapsed() < Duration::from_millis(1) {}
    assert!(tokio::time::Instant::now() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_of_several_threads_keeps_its_time_and_says_so() {
    assert_eq!(testing::scope().time(), Time::Real);
}

#[test]
fn a_clock_of_the_tests_own_is_left_to_it() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let scope = testing::scope();
    clock.advance(MINUTE);
    assert_eq!((scope.time(), scope.elapsed()), (Time::Given, MINUTE));
}

#[test]
fn a_runtime_that_the_test_makes_inside_follows_the_automatic_clock() {
    let scope = testing::scope();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failed = runtime.block_on(retry().call_async(|| async { Err::<(), _>("down") }));
    assert!(failed.is_err());
    assert_eq!(scope.elapsed(), MINUTE * 3);
}

#[test]
fn run_makes_a_runtime_for_an_async_test() {
    let answer = testing::run(async |scope| {
        clock::sleep(MINUTE).await;
        assert_eq!((scope.time(), scope.elapsed()), (Time::Paused, MINUTE));
        let slow = tokio::spawn(async { clock::sleep(MINUTE).await });
        slow.await.unwrap();
        scope.elapsed()
    });
    assert_eq!(answer, MINUTE * 2);
}

#[test]
fn threads_of_the_scope_wait_side_by_side() {
    let scope = testing::scope();
    let threads = [3, 1, 2].map(|minutes| {
        std::thread::spawn(scope.carry_thread(move || clock::sleep_blocking(MINUTE * minutes)))
    });
    scope.away(|| threads.map(|thread| thread.join().unwrap()));
    assert_eq!(scope.elapsed(), MINUTE * 3);
}

#[test]
fn after_the_scope_the_clock_is_the_machines() {
    drop(testing::scope());
    assert!(ManualClock::current().is_none());
    let failed: Result<(), Error> = retry().call(|| Ok(()));
    assert_eq!(failed, Ok(()));
}
