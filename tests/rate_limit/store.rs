use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use mainstay::{
    Error, Kind, overrides, policies, rate_limit,
    rate_limit::{Rate, RateLimitConfig, RateLimitStore},
    retry, timeout,
};
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::{
    stores::{InProcess, store},
    support::{Answer, ms, wait_of},
};

/// A store for the functions of one test.
macro_rules! static_store {
    ($name:ident) => {
        static $name: LazyLock<InProcess> = LazyLock::new(Default::default);
    };
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_token_from_the_store() {
    static_store!(STORE);
    for call in twins!("2/s", store = &*STORE) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 500.0]);
        call.pass(500).await;
        assert_eq!(call.waits(2).await, [0.0, 500.0]);
    }
    assert_eq!(STORE.asked().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn processes_share_one_limit_and_admit_its_burst_together() {
    // Each of these is what one process has.
    let store = store!();
    let config = RateLimitConfig::new(Rate::per_minute(10));
    let processes: Vec<_> =
        (0..4).map(|_| config.build_with_store("store.processes", store).unwrap()).collect();
    let mut admitted = 0;
    for _ in 0..10 {
        for process in &processes {
            admitted += u32::from(process.try_acquire_async("ann", 1.0).await.is_ok());
        }
    }
    assert_eq!(admitted, 10);
    assert_eq!(processes[0].try_acquire_async("bob", 10.0).await, Ok(()));
    assert_eq!(wait_of(&processes[1].try_acquire_async("bob", 1.0).await), 6000.0);
    let counts =
        processes.iter().map(|process| process.limit().admitted_count() + process.limit().rejected_count());
    assert_eq!(counts.sum::<u64>(), 42);
}

#[tokio::test(start_paused = true)]
async fn the_key_in_the_store_is_the_limits_name_and_the_text_of_the_key() {
    static_store!(STORE);
    #[rate_limit("store.whole", "1/s", store = &*STORE)]
    async fn whole() -> Answer {
        Ok(())
    }
    #[rate_limit("store.user", "1/s", key = user, store = &*STORE)]
    async fn by_user(user: &str) -> Answer {
        Ok(())
    }
    #[rate_limit("store:pair", "1/s", key = (user, tenant), store = &*STORE)]
    fn by_pair(user: u64, tenant: &str) -> Answer {
        Ok(())
    }
    whole().await.unwrap();
    by_user("ann").await.unwrap();
    by_user("bob").await.unwrap();
    by_pair(7, "eu").unwrap();
    assert_eq!(STORE.asked(), ["store.whole", "store.user:ann", "store.user:bob", r"store\:pair:7:eu"]);
    assert_eq!(wait_of(&by_user("ann").await), 1000.0);
}

#[tokio::test(start_paused = true)]
async fn the_other_options_mean_what_they_do_without_a_store() {
    static_store!(STORE);
    for call in twins!("1/s", burst = 3, store = &*STORE) {
        assert_eq!(call.waits(4).await, [0.0, 0.0, 0.0, 1000.0]);
    }
    static_store!(EMPTY);
    for call in twins!("1/s", burst = 3, initial = 1, store = &*EMPTY) {
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
    }
    static_store!(HALVES);
    for call in twins!("1/s", tokens = 0.5, store = &*HALVES) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 500.0]);
    }
    static_store!(WINDOWS);
    for call in twins!("2/s", algorithm = fixed_window, store = &*WINDOWS) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 1000.0]);
        call.pass(1000).await;
        assert_eq!(call.waits(3).await, [0.0, 0.0, 1000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_store_is_answered_without_asking_it() {
    static_store!(STORE);
    #[rate_limit("store.unasked", "5/s", tokens = count, store = &*STORE)]
    async fn call(count: f64) -> Answer {
        Ok(())
    }
    assert_eq!(call(0.0).await, Ok(()));
    for too_many in [5.5, -1.0, f64::NAN] {
        assert!(matches!(call(too_many).await, Err(Error::ExceedsBurst { burst: 5.0, .. })), "{too_many}");
    }
    assert!(STORE.asked().is_empty());
    let limit = policies().shared_limit("store.unasked").unwrap();
    assert_eq!((limit.admitted_count(), limit.rejected_count()), (1, 3));
    assert_eq!(limit.config(), RateLimitConfig::new(Rate::per_second(5)));
}

#[tokio::test(start_paused = true)]
async fn the_store_may_be_a_field_and_any_that_counts_limits() {
    struct Api {
        limits: Arc<dyn RateLimitStore>,
    }
    impl Api {
        #[rate_limit("store.field", "1/s", key = user, store = self.limits)]
        async fn get(&self, user: &str) -> Answer {
            Ok(())
        }
        #[rate_limit("store.field", "1/s", key = user, store = self.limits)]
        fn get_sync(&mut self, user: &str) -> Answer {
            Ok(())
        }
    }
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let mut api = Api { limits: Arc::new(InProcess::default()) };
    assert_eq!(assert_send(api.get("ann")).await, Ok(()));
    let other = Api { limits: Arc::clone(&api.limits) };
    assert_eq!(other.get("ann").await.unwrap_err().kind(), Kind::RateLimited);
    assert!(api.get_sync("ann").is_err());
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_tokens_and_asks_again() {
    static_store!(STORE);
    for call in twins!("2/s", max_wait = "10s", store = &*STORE) {
        let start = mainstay::clock::now();
        assert_eq!(call.waits(6).await, [0.0; 6]);
        assert_eq!(mainstay::clock::now().saturating_since(start), ms(2000));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_wait_would_be_longer_is_refused_at_once() {
    static_store!(STORE);
    for call in twins!("1/s", max_wait = "999ms", store = &*STORE) {
        let start = mainstay::clock::now();
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
        assert_eq!(mainstay::clock::now(), start);
    }
    static_store!(LONGER);
    for call in twins!("1/s", max_wait = "1s", store = &*LONGER) {
        assert_eq!(call.waits(2).await, [0.0, 0.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_order_and_do_not_crowd_the_store() {
    static_store!(STORE);
    static SERVED: Mutex<Vec<(u32, Duration)>> = Mutex::new(Vec::new());
    #[rate_limit("store.order", "1/s", max_wait = "1m", store = &*STORE)]
    async fn call(number: u32, start: tokio::time::Instant) -> Answer {
        SERVED.lock().unwrap().push((number, start.elapsed()));
        Ok(())
    }
    let start = tokio::time::Instant::now();
    let calls: Vec<_> = (0..20).map(|number| tokio::spawn(call(number, start))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let expected: Vec<_> = (0..20).map(|number| (number, ms(1000) * number)).collect();
    assert_eq!(*SERVED.lock().unwrap(), expected);
    assert!(STORE.asked().len() <= 2 * 20 + 1, "each asks when its turn comes and when its tokens do");
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_does_not_overtake_and_is_told_of_the_whole_line() {
    static_store!(STORE);
    #[rate_limit("store.line", "1/s", key = user, max_wait = "2500ms", store = &*STORE)]
    async fn call(user: &str) -> Answer {
        Ok(())
    }
    call("ann").await.unwrap();
    let mut waiting: Vec<_> = (0..2).map(|_| Stepper::new(call("ann"))).collect();
    assert!(waiting.iter_mut().all(|call| call.poll().is_pending()));
    let limit = policies().shared_limit("store.line").unwrap();
    assert_eq!(limit.waiting(), 2);
    STORE.asked();
    assert_eq!(wait_of(&call("ann").await), 3000.0, "behind those two");
    assert!(STORE.asked().is_empty());
    assert_eq!(call("bob").await, Ok(()), "another key's line is another one");
    drop(waiting);
    assert_eq!(limit.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_anywhere_in_its_wait() {
    static_store!(STORE);
    #[rate_limit("store.dropped", "1/s", key = round, max_wait = "1m", store = &*STORE)]
    async fn call(round: u32) -> Answer {
        Ok(())
    }
    let limit = policies().shared_limit("store.dropped").unwrap();
    let mut round = 0;
    let polls = drop_at_every_await(
        ms(300),
        || {
            round += 1;
            let mut first = Stepper::new(call(round));
            assert!(first.poll().is_ready());
            call(round)
        },
        |polls| assert_eq!(limit.waiting(), 0, "after {polls} polls"),
    )
    .await;
    assert_eq!(polls, 5, "it waits for a second in steps of 300 ms");
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_in_the_line_holds_up_nobody() {
    static_store!(STORE);
    #[rate_limit("store.given_up", "1/s", max_wait = "1m", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    call().await.unwrap();
    let (mut first, mut second) = (Stepper::new(call()), Stepper::new(call()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    drop(first);
    assert!(second.was_woken(), "it is the first now");
    assert!(second.poll().is_pending());
    tokio::time::advance(ms(1000)).await;
    assert!(second.poll().is_ready(), "a second after the first call, not two");
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_above_ends_the_wait_and_cuts_off_a_store_that_hangs() {
    static_store!(STORE);
    #[timeout("1500ms")]
    #[rate_limit("store.limited", "1/s", max_wait = "1m", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    let start = tokio::time::Instant::now();
    call().await.unwrap();
    let mut waiting = Stepper::new(call());
    assert!(waiting.poll().is_pending());
    assert_eq!(wait_of(&call().await), 2000.0, "it would come too late");
    assert_eq!(start.elapsed(), ms(0));
    drop(waiting);
    STORE.hangs.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(call().await.unwrap_err().kind(), Kind::TimedOut);
    assert_eq!(start.elapsed(), ms(1500));
    assert_eq!(policies().shared_limit("store.limited").unwrap().waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_retry_above_waits_as_long_as_the_store_says() {
    static_store!(STORE);
    #[retry(max_attempts = 2, initial_delay = "1ms", jitter = none, retry_on(Error::RateLimited { .. }))]
    #[rate_limit("store.retried", "1/s", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    let start = tokio::time::Instant::now();
    call().await.unwrap();
    call().await.unwrap();
    assert_eq!(start.elapsed(), ms(1000));
}

#[tokio::test(start_paused = true)]
async fn the_builder_waits_runs_and_tells_what_is_left() {
    let store = Arc::new(InProcess::default());
    let limiter = RateLimitConfig::new(Rate::per_second(2))
        .max_wait(ms(700))
        .build_with_store("store.builder", Arc::clone(&store))
        .unwrap();
    let start = tokio::time::Instant::now();
    for _ in 0..3 {
        let answer: Result<u32, Error> = limiter.call_async("ann", async { Ok(7) }).await;
        assert_eq!(answer, Ok(7));
    }
    assert_eq!(start.elapsed(), ms(500));
    assert_eq!(wait_of(&limiter.try_acquire_async("ann", 1.0).await), 500.0);
    assert_eq!(limiter.acquire_timeout_async("ann", 2.0, ms(1000)).await, Ok(()));
    assert_eq!(start.elapsed(), ms(1500));
    let taken = limiter.take_async(&("bob", 7), 1.5).await.unwrap();
    assert!(taken.allowed && taken.remaining == 0.5, "{taken:?}");
    assert_eq!(limiter.try_acquire(&("bob", 7), 0.5), Ok(()));
    assert_eq!(limiter.call(&("eve", 7), || Ok::<_, Error>(7)), Ok(7));
    assert_eq!(limiter.acquire_timeout(&("eve", 7), 1.0, ms(1)), Ok(()));
    assert_eq!(store.asked().last().map(String::as_str), Some("store.builder:eve:7"));
    assert!(RateLimitConfig::new(Rate::per_second(0)).build_with_store("store.bad", store).is_err());
}

#[test]
fn a_blocked_thread_waits_without_a_runtime() {
    static_store!(STORE);
    #[rate_limit("store.blocked", "1/s", max_wait = "1m", store = &*STORE)]
    fn call() -> Answer {
        Ok(())
    }
    let clock = mainstay::clock::ManualClock::new();
    let _installed = clock.install();
    let start = clock.now();
    for _ in 0..5 {
        call().unwrap();
    }
    assert_eq!(clock.now().saturating_since(start), ms(4000));
}

/// Its clock stands still while the thread is blocked, and so does the store's.
#[tokio::test(start_paused = true)]
async fn a_blocked_thread_of_a_paused_runtime_does_not_wait_for_ever() {
    static_store!(STORE);
    #[rate_limit("store.paused", "500/s", burst = 1, max_wait = "5ms", store = &*STORE)]
    fn call() -> Answer {
        Ok(())
    }
    call().unwrap();
    assert_eq!(wait_of(&call()), 2.0);
    assert!(STORE.asked().len() < 6);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_store_is_let_through_when_the_limit_is_switched_off() {
    static_store!(STORE);
    #[rate_limit("store.off", "1/h", max_wait = "9h", store = &*STORE)]
    async fn call() -> Answer {
        Ok(())
    }
    #[rate_limit("store.off", "1/h", max_wait = "9h", store = &*STORE)]
    fn call_sync() -> Answer {
        Ok(())
    }
    let limit = policies().shared_limit("store.off").unwrap();
    let start = tokio::time::Instant::now();
    call().await.unwrap();
    let tasks = [(); 3].map(|()| tokio::spawn(call()));
    while limit.waiting() < 3 {
        tokio::task::yield_now().await;
    }
    // On a thread of its own, whose clock is the real one.
    let threads = [(); 2].map(|()| std::thread::spawn(call_sync));
    while limit.waiting() < 5 {
        std::thread::yield_now();
    }
    let off = overrides::Values::new().name("store.off", "rate_limit", "enabled", false);
    overrides::overrides().values(off).load().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!((start.elapsed(), limit.waiting()), (ms(0), 0));
    STORE.asked();
    call().await.unwrap();
    assert!(STORE.asked().is_empty());
    overrides::overrides().load().unwrap();
}
