//! Checks by hand: what is asked when, and what checks within checks come to.

use std::sync::Arc;

use super::still;
use crate::health::{
    CheckOptions, DynHealthCheck, Health, HealthCheck, HealthChecker, HealthStatus, Parts, Probe, from_fn,
};

struct Service;

impl HealthCheck for Service {
    async fn check(&self) -> Health {
        Health::healthy().because("check")
    }

    async fn liveness(&self) -> Health {
        Health::healthy().because("liveness")
    }

    async fn readiness(&self) -> Health {
        Health::degraded("readiness")
    }
}

struct Database;

impl HealthCheck for Database {
    async fn check(&self) -> Health {
        Health::unhealthy("down")
    }
}

struct Deps {
    database: Arc<Database>,
    replica: Option<Database>,
}

/// As `#[derive(HealthCheck)]` writes it.
impl HealthCheck for Deps {
    async fn check(&self) -> Health {
        self.database.check().await
    }

    fn parts(mut parts: Parts<'_, Self>) {
        parts.field("database", CheckOptions::new(), |deps| Some(&deps.database));
        parts.field("replica", CheckOptions::new().on_fail(HealthStatus::Degraded), |deps| {
            Some(&deps.replica)
        });
        parts.call("size", CheckOptions::new(), |deps| {
            Box::pin(async move { Health::from(deps.replica.is_none()) })
        });
    }
}

#[test]
fn each_probe_asks_the_method_of_its_name() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add(Service);
    let said = |probe| checker.report(probe).reason("service").map(str::to_owned);
    assert_eq!(said(Probe::Overall).as_deref(), Some("check"));
    assert_eq!(said(Probe::Live).as_deref(), Some("liveness"));
    assert_eq!(said(Probe::Ready).as_deref(), Some("readiness"));
    assert_eq!(said(Probe::Started), None);
}

#[test]
fn a_dependency_that_is_down_is_no_reason_to_start_the_process_anew() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add(Database);
    assert_eq!(checker.report(Probe::Live).status, HealthStatus::Healthy);
    assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Unhealthy);
    assert_eq!(checker.report(Probe::Overall).status, HealthStatus::Unhealthy);
}

#[test]
fn the_checks_of_a_struct_have_the_names_of_its_fields_and_are_asked_for_readiness() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add(Deps { database: Arc::new(Database), replica: None });
    checker.add_as("eu", Some(Box::new(Deps { database: Arc::new(Database), replica: Some(Database) })));
    assert_eq!(checker.names(), ["database", "replica", "size", "eu.database", "eu.replica", "eu.size"]);
    let report = checker.report(Probe::Ready);
    let statuses: Vec<_> = report.checks.iter().map(|check| check.status.as_str()).collect();
    assert_eq!(statuses, ["unhealthy", "healthy", "healthy", "unhealthy", "degraded", "unhealthy"]);
    assert_eq!(report.reason("replica"), Some("not configured"));
    assert!(checker.report(Probe::Live).checks.is_empty());
}

#[test]
fn options_given_where_a_struct_is_added_overrule_those_of_its_fields() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let options = CheckOptions::new().on_fail(HealthStatus::Degraded);
    checker.add_with("eu", options, Deps { database: Arc::new(Database), replica: None }).unwrap();
    assert_eq!(checker.report(Probe::Ready).status, HealthStatus::Degraded);
}

#[test]
fn a_list_of_different_checks_is_as_its_worst() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    let all: Vec<Arc<dyn DynHealthCheck>> =
        vec![Arc::new(Service), Arc::new(Database), Arc::new(from_fn(async || HealthStatus::Degraded))];
    checker.add_as("all", all);
    let none: Option<Box<dyn DynHealthCheck>> = None;
    checker.add_as("none", none);
    let report = checker.report(Probe::Overall);
    assert_eq!(report.reason("all"), Some("down"));
    assert_eq!(report.status_of("none"), Some(HealthStatus::Healthy));
}
