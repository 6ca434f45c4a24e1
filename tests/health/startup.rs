//! `startup`.

use mainstay::health::{HealthCheck, HealthChecker, HealthStatus, Probe};

use crate::support::{Connection, report, statuses, still};

#[derive(HealthCheck)]
struct Deps {
    #[check(startup)]
    migrations: Connection,
    #[check(startup, ready)]
    database: Connection,
    search: Connection,
}

fn deps(migrations: Connection) -> Deps {
    Deps { migrations, database: Connection::up(), search: Connection::down() }
}

#[test]
fn the_start_is_over_when_what_belongs_to_it_is_well() {
    let started = report(deps(Connection::down()), Probe::Started);
    assert_eq!(
        statuses(&started),
        [("migrations", HealthStatus::Unhealthy), ("database", HealthStatus::Healthy)]
    );
    assert_eq!(started.http_status(), 503);
    assert_eq!(report(deps(Connection::up()), Probe::Started).http_status(), 200);
}

#[test]
fn one_answer_serves_all_probes_it_belongs_to() {
    let _still = still();
    let database = Connection::up();
    let checker = HealthChecker::new("shop");
    checker.add(Deps { database: database.clone(), ..deps(Connection::up()) });
    checker.report(Probe::Ready);
    checker.report(Probe::Overall);
    assert_eq!(database.asked(), 1);
}
