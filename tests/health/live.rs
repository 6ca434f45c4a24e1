//! `live` and `local`.

use mainstay::health::{HealthCheck, HealthStatus, Probe, checks};
use mainstay::health_check;

use crate::support::{Connection, Queue, report, statuses, still};

#[health_check(live)]
fn live_sync() -> bool {
    true
}

#[health_check(live, local)]
async fn live_async() -> bool {
    true
}

fn moves(number: &u8) -> bool {
    *number > 0
}

#[derive(HealthCheck)]
struct Service {
    database: Connection,
    #[check(live)]
    queue: Queue,
    #[check(live, ready, local, with = moves)]
    number: u8,
}

#[test]
fn liveness_asks_what_is_live_and_nothing_else() {
    let database = Connection::down();
    let service = Service { database: database.clone(), queue: Queue { is_full: false }, number: 0 };
    let live = report(service, Probe::Live);
    assert_eq!(statuses(&live), [("queue", HealthStatus::Healthy), ("number", HealthStatus::Unhealthy)]);
    assert_eq!(database.asked(), 0);
}

#[test]
fn readiness_does_not_ask_what_is_live_alone() {
    let service = Service { database: Connection::up(), queue: Queue { is_full: true }, number: 1 };
    let ready = report(service, Probe::Ready);
    assert_eq!(statuses(&ready), [("database", HealthStatus::Healthy), ("number", HealthStatus::Healthy)]);
}

#[test]
fn a_function_may_be_live() {
    let _still = still();
    let live = checks().report(Probe::Live);
    assert_eq!(live.status_of("live_sync"), Some(HealthStatus::Healthy));
    assert_eq!(live.status_of("live_async"), Some(HealthStatus::Healthy));
    assert!(checks().report(Probe::Ready).check("live_sync").is_none());
}
