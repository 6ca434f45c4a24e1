//! Installed, ready, started.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::still;
use crate::health::{CheckOptions, HealthChecker, HealthStatus, Probe, from_fn};

#[test]
fn readiness_is_off_while_somebody_keeps_it_off_and_liveness_is_not() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add_as("queue", from_fn(async || true));
    let warming = checker.not_ready("the cache is being filled");
    let stopping = checker.not_ready("shutting down");
    let report = checker.report(Probe::Ready);
    assert_eq!(report.status, HealthStatus::Unhealthy);
    assert_eq!(report.reason("readiness"), Some("the cache is being filled"));
    assert_eq!(checker.report(Probe::Overall).status, HealthStatus::Unhealthy);
    assert_eq!(checker.report(Probe::Live).status, HealthStatus::Healthy);
    drop(warming);
    assert_eq!(checker.report(Probe::Ready).reason("readiness"), Some("shutting down"));
    drop(stopping);
    assert_eq!(checker.report(Probe::Ready).check("readiness"), None);
}

#[test]
fn what_keeps_readiness_off_for_good_is_never_over() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.not_ready("shutting down").forever();
    assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Unhealthy);
}

#[test]
fn a_start_that_was_over_stays_so() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let migrated = Arc::new(AtomicBool::new(false));
    let check = Arc::clone(&migrated);
    let options = CheckOptions::new().startup().cache(std::time::Duration::ZERO);
    checker
        .add_with(
            "migrations",
            options,
            from_fn(move || {
                let done = check.load(Ordering::SeqCst);
                async move { done }
            }),
        )
        .unwrap();
    assert_eq!(checker.report(Probe::Started).status, HealthStatus::Unhealthy);
    assert!(checker.report(Probe::Ready).checks.is_empty(), "it belongs to the start alone");
    migrated.store(true, Ordering::SeqCst);
    assert_eq!(checker.report(Probe::Started).status, HealthStatus::Healthy);
    migrated.store(false, Ordering::SeqCst);
    let report = checker.report(Probe::Started);
    assert_eq!((report.status, report.http_status()), (HealthStatus::Degraded, 200));
}

#[test]
fn a_name_that_is_taken_gets_a_number_and_a_check_can_be_taken_away() {
    let checker = HealthChecker::new("shop");
    let check = || from_fn(async || true);
    checker.add_as("queue", check()).add_as("queue", check()).add_as("queue", check());
    assert_eq!(checker.names(), ["queue", "queue#2", "queue#3"]);
    assert!(checker.remove("queue#2"));
    assert!(!checker.remove("queue#2"));
    assert_eq!(checker.names(), ["queue", "queue#3"]);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let checker = HealthChecker::new("shop");
    let refused = |options: CheckOptions| {
        let error = checker.add_with("queue", options, from_fn(async || true)).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused(CheckOptions::new().timeout(std::time::Duration::ZERO)),
        "`timeout`: no check takes no time: give a longer limit"
    );
    assert_eq!(
        refused(CheckOptions::new().on_fail(HealthStatus::Healthy)),
        "`on_fail`: a check that fails is degraded or unhealthy"
    );
    assert!(checker.names().is_empty());
}
