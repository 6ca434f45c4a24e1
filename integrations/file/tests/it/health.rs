//! The store as a health check.

use std::time::Duration;

use mainstay_runtime::{
    clock::ManualClock,
    health::{CheckOptions, HealthChecker, HealthStatus, Probe},
};

use crate::common::Place;

#[test]
fn a_file_that_was_replaced_is_told_of() {
    let _still = ManualClock::new().install();
    let place = Place::new();
    let checker = HealthChecker::new("shop");
    let options = CheckOptions::new().live().ready().cache(Duration::ZERO);
    checker.add_with("orders", options, place.open()).unwrap();
    assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Healthy);
    std::fs::rename(place.path(), place.folder.path().join("elsewhere")).unwrap();
    std::fs::write(place.path(), b"").unwrap();
    let report = checker.report(Probe::Live);
    assert_eq!(report.status, HealthStatus::Unhealthy);
    assert!(report.reason("orders").unwrap().contains("restart the process"), "{report:?}");
}
