//! `name`, and the text in the first place.

use mainstay::health::{HealthCheck, Probe, checks};
use mainstay::health_check;

use crate::support::{Connection, report, still};

#[health_check("name.first")]
fn by_a_text() -> bool {
    true
}

#[health_check(name = "name.option")]
fn by_the_option() -> bool {
    true
}

#[derive(HealthCheck)]
struct Deps {
    #[check("postgres", ready)]
    pool: Connection,
    #[check(name = "orders \"eu\"")]
    orders: Connection,
}

#[test]
fn a_check_is_known_by_its_name() {
    let _still = still();
    let names = checks().names();
    assert!(names.iter().any(|name| name == "name.first") && names.iter().any(|name| name == "name.option"));
    assert!(!names.iter().any(|name| name.starts_with("by_")));
}

#[test]
fn a_field_too() {
    let report = report(Deps { pool: Connection::up(), orders: Connection::up() }, Probe::Ready);
    assert!(report.to_json().contains(r#"{"postgres":"healthy","orders \"eu\"":"healthy"}"#), "{report:?}");
}
