//! `timeout`.

use std::{future::pending, time::Duration};

use mainstay::{
    clock::ManualClock,
    health::{HealthCheck, HealthChecker, HealthStatus, Probe},
};

const LIMIT: Duration = Duration::from_millis(20);

async fn never(_: &()) -> bool {
    pending().await
}

#[derive(HealthCheck)]
struct Deps {
    #[check(with = never, timeout = LIMIT)]
    hanging: (),
}

#[derive(HealthCheck)]
struct Patient {
    #[check(with = never, timeout = "5s", on_fail = degraded)]
    hanging: (),
}

/// What is reported when `by` has passed.
fn after(deps: impl HealthCheck, by: Duration) -> mainstay::health::Report {
    let (checker, clock) = (HealthChecker::new("shop"), ManualClock::new());
    checker.add(deps);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let _followed = clock.install();
            checker.report(Probe::Ready)
        });
        // The report and the check, each on its thread.
        while clock.sleepers() < 2 {
            std::thread::yield_now();
        }
        clock.advance(by);
        asking.join().unwrap()
    })
}

#[test]
fn a_check_has_its_time_and_no_more() {
    let report = after(Deps { hanging: () }, LIMIT);
    assert_eq!(report.reason("hanging"), Some("did not answer within 20ms"));
    assert_eq!(report.status, HealthStatus::Unhealthy);
}

#[test]
fn a_report_does_not_wait_for_a_check_with_more_time_than_80_ms() {
    let report = after(Patient { hanging: () }, Duration::from_millis(80));
    assert_eq!(report.reason("hanging"), Some("has not answered yet, after 80ms of 5s"));
    assert_eq!(report.status, HealthStatus::Degraded);
}

#[tokio::test(start_paused = true)]
async fn it_holds_where_the_struct_is_asked_without_a_checker() {
    let start = mainstay::clock::now();
    let health = Patient { hanging: () }.check().await;
    assert_eq!(health.reason(), Some("hanging: did not answer within 5s"));
    assert_eq!(mainstay::clock::now().saturating_since(start), Duration::from_secs(5));
}
