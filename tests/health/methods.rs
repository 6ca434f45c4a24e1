//! `#[health_check]` on an `impl` block.

use mainstay::health::{Health, HealthCheck, HealthChecker, HealthStatus, Probe};
use mainstay::health_check;

use crate::support::{report, statuses, still};

struct Orders<T> {
    is_open: bool,
    last: Option<T>,
}

#[health_check]
impl<T: Send + Sync + 'static> Orders<T> {
    const LIMIT: usize = 3;

    #[check(live)]
    fn is_open(&self) -> bool {
        self.is_open
    }

    #[check("history", startup, timeout = "5s")]
    async fn has_history(&self) -> Result<(), String> {
        self.last.as_ref().map(drop).ok_or_else(|| "no orders yet".to_owned())
    }

    /// Not of one value.
    #[check]
    async fn limit() -> Health {
        Health::degraded("near the limit").with("limit", Self::LIMIT)
    }

    fn reopen(&mut self) {
        self.is_open = true;
    }
}

#[test]
fn each_marked_method_is_a_check() {
    let report = report(Orders::<u8> { is_open: false, last: None }, Probe::Overall);
    assert_eq!(
        statuses(&report),
        [
            ("is_open", HealthStatus::Unhealthy),
            ("history", HealthStatus::Unhealthy),
            ("limit", HealthStatus::Degraded)
        ]
    );
    assert_eq!(report.reason("history"), Some("no orders yet"));
}

#[test]
fn each_probe_has_those_that_belong_to_it() {
    let orders = || Orders { is_open: true, last: Some(1) };
    assert_eq!(statuses(&report(orders(), Probe::Live)), [("is_open", HealthStatus::Healthy)]);
    assert_eq!(statuses(&report(orders(), Probe::Ready)), [("limit", HealthStatus::Degraded)]);
    assert_eq!(statuses(&report(orders(), Probe::Started)), [("history", HealthStatus::Healthy)]);
}

#[tokio::test]
async fn the_type_itself_is_as_its_worst_check_and_its_methods_stay() {
    let mut orders = Orders::<u8> { is_open: false, last: None };
    assert_eq!(orders.check().await, Health::unhealthy("is_open is unhealthy"));
    orders.reopen();
    assert_eq!(orders.check().await, Health::unhealthy("history: no orders yet"));
    assert_eq!(orders.liveness().await, Health::healthy());
    assert_eq!(orders.readiness().await.reason(), Some("limit: near the limit"));
}

#[test]
fn under_a_name_its_checks_begin_with_that() {
    let _still = still();
    let checker = HealthChecker::new("shop");
    checker.add_as("orders", Orders { is_open: true, last: Some(1) });
    assert_eq!(checker.names(), ["orders.is_open", "orders.history", "orders.limit"]);
}
