//! Checks that answer, fail, hang, block and panic, side by side.

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use super::still;
use crate::{
    clock::{self, ManualClock},
    health::{CheckOptions, Health, HealthChecker, HealthStatus, Probe, Report, from_fn},
};

/// Time enough for any machine: these tests wait until something is seen.
const LONG: CheckOptions = CheckOptions::new().timeout(Duration::from_secs(600));

/// A report on another thread, on `clock`, which is moved by `by` once `waits` wait on it and `done` have answered.
fn report_while(
    checker: &HealthChecker,
    clock: &ManualClock,
    (waits, done): (usize, &[&str]),
    by: Duration,
) -> Report {
    let answered = |name: &&str| {
        let entries = checker.entries();
        entries.iter().any(|entry| entry.name == **name && entry.last().is_some())
    };
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let _followed = clock.install();
            checker.report(Probe::Overall)
        });
        while clock.sleepers() < waits || !done.iter().all(answered) {
            std::thread::yield_now();
        }
        clock.advance(by);
        asking.join().unwrap()
    })
}

#[test]
fn a_check_that_hangs_is_told_of_after_its_limit_and_the_others_have_their_answers() {
    let (checker, clock) = (HealthChecker::new("shop"), ManualClock::new());
    checker.add_as("hanging", from_fn(pending::<bool>));
    checker.add_as("well", from_fn(async || true));
    checker.add_as("failing", from_fn(async || Err::<(), _>("refused")));
    let report = report_while(&checker, &clock, (2, &["well", "failing"]), CheckOptions::TIMEOUT);
    assert_eq!(report.status, HealthStatus::Unhealthy);
    assert_eq!(report.reason("hanging"), Some("did not answer within 80ms"));
    assert_eq!(report.status_of("well"), Some(HealthStatus::Healthy));
    assert_eq!(report.reason("failing"), Some("refused"));
}

#[test]
fn a_check_that_hung_is_dropped_at_its_limit_and_asked_again() {
    struct Gone(Arc<AtomicUsize>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (checker, clock, dropped) = (HealthChecker::new("shop"), ManualClock::new(), Arc::default());
    let guard = Arc::clone(&dropped);
    checker
        .add_with(
            "hanging",
            CheckOptions::new().cache(Duration::ZERO),
            from_fn(move || {
                let gone = Gone(Arc::clone(&guard));
                async move {
                    pending::<()>().await;
                    drop(gone);
                }
            }),
        )
        .unwrap();
    for round in 1..=3 {
        report_while(&checker, &clock, (2, &[]), CheckOptions::TIMEOUT);
        while dropped.load(Ordering::SeqCst) < round {
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_check_that_blocks_its_thread_delays_nobody_and_is_not_started_on_top_of_itself() {
    let (checker, clock) = (HealthChecker::new("shop"), ManualClock::new());
    let (release, blocked) = mpsc::channel::<()>();
    let (blocked, started) = (Arc::new(Mutex::new(blocked)), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&started);
    checker.add_as(
        "blocking",
        from_fn(move || {
            let (blocked, count) = (Arc::clone(&blocked), Arc::clone(&count));
            async move {
                count.fetch_add(1, Ordering::SeqCst);
                // The thread, and not the future.
                let _ = blocked.lock().unwrap().recv();
            }
        }),
    );
    checker.add_as("well", from_fn(async || true));
    // The report waits; the check's thread does not get to.
    let first = report_while(&checker, &clock, (1, &["well"]), CheckOptions::TIMEOUT);
    assert_eq!(first.reason("blocking"), Some("did not answer within 80ms"));
    assert_eq!(first.status_of("well"), Some(HealthStatus::Healthy));

    clock.advance(Duration::from_secs(3));
    let _followed = clock.install();
    let second = checker.report(Probe::Overall);
    assert_eq!(
        second.reason("blocking"),
        Some("blocks its thread: it runs for 3s now, and its limit is 80ms")
    );
    assert_eq!(second.status_of("well"), Some(HealthStatus::Healthy));
    assert_eq!(started.load(Ordering::SeqCst), 1);

    release.send(()).unwrap();
    let said = || checker.report(Probe::Overall).reason("blocking").map(str::to_owned);
    while said() != Some("answered healthy, but after its limit of 80ms".into()) {
        std::thread::yield_now();
    }
    release.send(()).unwrap();
    clock.advance(CheckOptions::CACHE);
    assert_eq!(checker.report(Probe::Overall).status_of("blocking"), Some(HealthStatus::Healthy));
    assert_eq!(started.load(Ordering::SeqCst), 2);
}

#[test]
fn a_check_that_panics_is_unhealthy_and_asked_again() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let calls = Arc::new(AtomicUsize::new(0));
    let check = from_fn(move || {
        assert!(calls.fetch_add(1, Ordering::SeqCst) > 0, "the pool is poisoned");
        async { true }
    });
    checker.add_with("pool", LONG.cache(Duration::ZERO), check).unwrap();
    let report = checker.report(Probe::Overall);
    assert_eq!(report.reason("pool"), Some("panicked: the pool is poisoned"));
    assert_eq!(report.http_status(), 503);
    assert_eq!(checker.report(Probe::Overall).status, HealthStatus::Healthy);
}

#[test]
fn an_answer_is_kept_for_its_time_and_its_age_is_told() {
    let (checker, clock) = (HealthChecker::new("shop"), ManualClock::new());
    let _followed = clock.install();
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let check = from_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async {}
    });
    checker.add_with("queue", LONG, check).unwrap();
    checker.report(Probe::Overall);
    clock.advance(Duration::from_millis(1999));
    let report = checker.report(Probe::Overall);
    assert_eq!(report.check("queue").unwrap().age, Duration::from_millis(1999));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    clock.advance(Duration::from_millis(1));
    assert_eq!(checker.report(Probe::Overall).check("queue").unwrap().age, Duration::ZERO);
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[test]
fn many_who_ask_at_once_ask_each_check_once() {
    let checker = HealthChecker::new("shop");
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let check = from_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { std::thread::yield_now() }
    });
    checker.add_with("queue", LONG.cache(Duration::from_secs(3600)), check).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut status = None;
                // Where a machine is too slow for the patience of a report, the next one is told.
                while status != Some(HealthStatus::Healthy) {
                    status = checker.report(Probe::Ready).status_of("queue");
                }
            });
        }
    });
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn a_check_with_more_time_than_a_report_has_patience_goes_on_and_its_answer_is_there_later() {
    let (checker, clock) = (HealthChecker::new("shop"), ManualClock::new());
    let slow = from_fn(|| async { clock::sleep(Duration::from_secs(3)).await });
    checker.add_with("slow", CheckOptions::new().timeout(Duration::from_secs(5)), slow).unwrap();
    let first = report_while(&checker, &clock, (3, &[]), Duration::from_millis(80));
    assert_eq!(first.reason("slow"), Some("has not answered yet, after 80ms of 5s"));
    clock.advance(Duration::from_secs(3));
    let _followed = clock.install();
    let status = || checker.report(Probe::Overall).status_of("slow");
    while status() != Some(HealthStatus::Healthy) {
        std::thread::yield_now();
    }
}

#[test]
fn what_the_service_can_do_without_degrades_it_however_it_fails() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let optional = LONG.on_fail(HealthStatus::Degraded);
    checker.add_with("search", optional, from_fn(async || false)).unwrap();
    let panicking = from_fn(|| {
        let answer = std::hint::black_box(None::<bool>).expect("no answer");
        async move { answer }
    });
    checker.add_with("mail", optional, panicking).unwrap();
    checker.add_as("database", from_fn(async || true));
    let report = checker.report(Probe::Ready);
    assert_eq!((report.status, report.http_status()), (HealthStatus::Degraded, 200));
    assert_eq!(report.status_of("search"), Some(HealthStatus::Degraded));
    assert_eq!(report.status_of("mail"), Some(HealthStatus::Degraded));
}

#[test]
fn a_blocking_report_needs_no_runtime_and_a_check_finds_one_with_timers() {
    let checker = HealthChecker::new("shop");
    let timed = from_fn(|| async { tokio::time::sleep(Duration::from_millis(1)).await });
    checker.add_with("timed", LONG, timed).unwrap();
    let status = || checker.report(Probe::Overall).status_of("timed");
    while status() != Some(HealthStatus::Healthy) {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_report_is_awaited_on_the_only_thread_of_a_runtime_whose_timers_the_check_uses() {
    let checker = HealthChecker::new("shop");
    let home = tokio::runtime::Handle::current().id();
    let timed = from_fn(move || async move {
        tokio::time::sleep(Duration::from_millis(1)).await;
        tokio::runtime::Handle::current().id() == home
    });
    checker.add_with("timed", LONG, timed).unwrap();
    while checker.report_async(Probe::Overall).await.status_of("timed") != Some(HealthStatus::Healthy) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn kept_answers_follow_the_paused_clock_of_the_runtime_in_which_the_check_was_added() {
    let checker = HealthChecker::new("shop");
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let check = from_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async {}
    });
    checker.add_with("queue", LONG.cache(Duration::from_secs(3600)), check).unwrap();
    while checker.run_all_checks().await.status != HealthStatus::Healthy {}
    tokio::time::advance(Duration::from_secs(3599)).await;
    assert_eq!(checker.run_all_checks().await.checks[0].age, Duration::from_secs(3599));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    tokio::time::advance(Duration::from_secs(1)).await;
    while checker.run_all_checks().await.checks[0].age != Duration::ZERO {}
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[test]
fn a_blocked_runtime_is_told_of_and_a_check_that_asks_nobody_still_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let checker = HealthChecker::new("shop");
    {
        let _inside = runtime.enter();
        checker.add_with("queue", LONG.cache(Duration::ZERO), from_fn(async || true)).unwrap();
    }
    checker.watch(runtime.handle());
    // Nobody runs this runtime: it is as blocked as can be, for a second or, on a busy machine, for longer.
    let report = loop {
        let report = checker.report(Probe::Live);
        if report.status_of("runtime") != Some(HealthStatus::Healthy) {
            break report;
        }
        std::thread::yield_now();
    };
    assert!(report.reason("runtime").unwrap().starts_with("the runtime has not moved for "), "{report:?}");
    while checker.report(Probe::Overall).status_of("queue") != Some(HealthStatus::Healthy) {
        std::thread::yield_now();
    }
    drop(runtime);
    assert_eq!(checker.report(Probe::Live).check("runtime"), None);
}

#[test]
fn figures_of_a_check_are_in_its_report() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let figures = from_fn(async || Health::healthy().with("connections", 7).with("idle", 0.5));
    checker.add_with("pool", LONG, figures).unwrap();
    let report = checker.report(Probe::Ready);
    assert!(report.to_json().contains(r#""data":{"connections":7,"idle":0.5}"#), "{}", report.to_json());
}
