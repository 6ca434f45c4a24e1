//! `on_fail`.

use mainstay::health::{HealthCheck, HealthStatus, Probe, checks};
use mainstay::health_check;

use crate::support::{Connection, report, statuses, still};

#[health_check(on_fail = degraded)]
async fn on_fail_degraded() -> Result<(), &'static str> {
    Err("refused")
}

#[derive(HealthCheck)]
struct Deps {
    database: Connection,
    #[check(on_fail = degraded)]
    search: Connection,
    #[check(on_fail = unhealthy)]
    mail: Connection,
}

#[test]
fn what_the_service_can_do_without_makes_it_degraded_and_that_is_answered_with_200() {
    let deps = Deps { database: Connection::up(), search: Connection::down(), mail: Connection::up() };
    let ready = report(deps, Probe::Ready);
    assert_eq!((ready.status, ready.http_status()), (HealthStatus::Degraded, 200));
    assert_eq!(ready.reason("search"), Some("refused"));
}

#[test]
fn the_whole_is_as_the_worst_of_it() {
    let deps = Deps { database: Connection::up(), search: Connection::down(), mail: Connection::down() };
    let ready = report(deps, Probe::Ready);
    assert_eq!(
        statuses(&ready),
        [
            ("database", HealthStatus::Healthy),
            ("search", HealthStatus::Degraded),
            ("mail", HealthStatus::Unhealthy)
        ]
    );
    assert_eq!((ready.status, ready.http_status()), (HealthStatus::Unhealthy, 503));
}

#[test]
fn a_function_too() {
    let _still = still();
    let report = checks().report(Probe::Ready);
    assert_eq!(report.status_of("on_fail_degraded"), Some(HealthStatus::Degraded));
    assert_eq!(report.reason("on_fail_degraded"), Some("refused"));
}
