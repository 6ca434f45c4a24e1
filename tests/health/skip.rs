//! `skip`.

use mainstay::health::{HealthCheck, HealthStatus, Probe};

use crate::support::{Connection, report, statuses};

/// Says nothing of how it is.
struct Settings;

#[derive(HealthCheck)]
struct Deps {
    database: Connection,
    #[check(skip)]
    _settings: Settings,
    #[check(skip)]
    _mail: Connection,
}

#[test]
fn what_is_left_out_is_not_asked() {
    let mail = Connection::down();
    let deps = Deps { database: Connection::up(), _settings: Settings, _mail: mail.clone() };
    assert_eq!(statuses(&report(deps, Probe::Overall)), [("database", HealthStatus::Healthy)]);
    assert_eq!(mail.asked(), 0);
}
