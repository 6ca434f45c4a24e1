//! `breaker`, and breakers as checks by hand.

use mainstay::{
    circuit_breaker::CircuitBreaker,
    health::{Breakers, CheckOptions, HealthCheck, HealthChecker, HealthStatus, Probe},
};

use crate::support::{Connection, report, statuses, still};

#[derive(HealthCheck)]
#[check(breaker = "health.payments")]
#[check(breaker = "health.mail", name = "mail", on_fail = unhealthy)]
struct Deps {
    database: Connection,
}

fn deps() -> Deps {
    Deps { database: Connection::up() }
}

#[tokio::test]
async fn an_open_one_makes_the_service_degraded_unless_told_otherwise() {
    let payments = CircuitBreaker::builder().register("health.payments").unwrap();
    let mail = CircuitBreaker::builder().register("health.mail").unwrap();
    let names =
        |status, other| [("database", HealthStatus::Healthy), ("health.payments", status), ("mail", other)];
    let status = || report(deps(), Probe::Ready);
    assert_eq!(statuses(&status()), names(HealthStatus::Healthy, HealthStatus::Healthy));
    payments.force_open();
    assert_eq!(statuses(&status()), names(HealthStatus::Degraded, HealthStatus::Healthy));
    assert_eq!(status().reason("health.payments"), Some("circuit breaker `health.payments` is forced_open"));
    assert_eq!(deps().check().await.status(), HealthStatus::Degraded);
    mail.force_open();
    assert_eq!(status().status, HealthStatus::Unhealthy);
    assert!(report(deps(), Probe::Live).checks.is_empty(), "starting anew mends nobody else");

    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add(Breakers);
    let options = CheckOptions::new().on_fail(HealthStatus::Unhealthy);
    checker.add_with("strict", options, Breakers).unwrap();
    let all = checker.report(Probe::Overall);
    assert_eq!(
        all.reason("circuit_breakers"),
        Some("circuit breakers are open: health.mail, health.payments")
    );
    assert_eq!(statuses(&all)[0].1, HealthStatus::Degraded);
    assert_eq!(statuses(&all)[1].1, HealthStatus::Unhealthy);
    payments.reset();
    mail.reset();
}

#[derive(HealthCheck)]
#[check(breaker = "health.nobody")]
struct Unknown {
    #[check(skip)]
    _nothing: (),
}

#[test]
fn one_that_is_not_there_is_told_of() {
    let report = report(Unknown { _nothing: () }, Probe::Ready);
    assert_eq!(report.reason("health.nobody"), Some("there is no circuit breaker `health.nobody`"));
}
