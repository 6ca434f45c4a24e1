//! `ready`.

use mainstay::health::{Health, HealthCheck, HealthStatus, Probe};

use crate::support::{Connection, report, statuses};

/// What may be sent here is another question than how it is.
struct Worker;

impl HealthCheck for Worker {
    async fn check(&self) -> Health {
        Health::healthy()
    }

    async fn readiness(&self) -> Health {
        Health::unhealthy("draining")
    }
}

#[derive(HealthCheck)]
struct Deps {
    #[check(ready)]
    worker: Worker,
    unmarked: Connection,
    #[check(startup)]
    start: Connection,
}

#[test]
fn a_field_under_ready_or_under_nothing_is_asked_for_readiness() {
    let deps = Deps { worker: Worker, unmarked: Connection::up(), start: Connection::down() };
    let ready = report(deps, Probe::Ready);
    assert_eq!(statuses(&ready), [("worker", HealthStatus::Unhealthy), ("unmarked", HealthStatus::Healthy)]);
    assert_eq!(ready.reason("worker"), Some("draining"));
    assert_eq!(ready.http_status(), 503);
}
