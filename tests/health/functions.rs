//! Functions found by the linker.

use mainstay::health::{Health, HealthStatus, Probe, checks};
use mainstay::{health_check, timeout};

use crate::support::still;

#[health_check]
async fn functions_result() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("the disk is full"))
}

#[health_check]
fn functions_bool() -> bool {
    true
}

#[health_check]
fn functions_nothing() {}

#[health_check]
fn functions_status() -> HealthStatus {
    HealthStatus::Degraded
}

#[health_check]
async fn functions_health() -> Result<Health, String> {
    Ok(Health::healthy().with("open", 3))
}

#[health_check]
fn functions_future() -> impl Future<Output = bool> {
    async { false }
}

#[health_check]
async fn functions_panic() -> bool {
    panic!("poisoned")
}

#[health_check]
#[timeout("1h")]
async fn functions_under_a_policy() -> Result<(), mainstay::Error> {
    Ok(())
}

#[timeout("1h")]
#[health_check]
async fn functions_above_a_policy() -> Result<(), mainstay::Error> {
    Ok(())
}

mod others {
    struct Pool;

    impl Pool {
        fn is_open(&self) -> bool {
            true
        }
    }

    static POOL: Pool = Pool;

    #[mainstay::health_check(crate = ::mainstay)]
    fn functions_of_a_static() -> bool {
        POOL.is_open()
    }
}

#[test]
fn each_is_asked_and_says_what_its_type_says() {
    let _still = still();
    let report = checks().report(Probe::Ready);
    for (name, status, reason) in [
        ("functions_result", HealthStatus::Unhealthy, Some("the disk is full")),
        ("functions_bool", HealthStatus::Healthy, None),
        ("functions_nothing", HealthStatus::Healthy, None),
        ("functions_status", HealthStatus::Degraded, None),
        ("functions_health", HealthStatus::Healthy, None),
        ("functions_future", HealthStatus::Unhealthy, None),
        ("functions_panic", HealthStatus::Unhealthy, Some("panicked: poisoned")),
        ("functions_under_a_policy", HealthStatus::Healthy, None),
        ("functions_above_a_policy", HealthStatus::Healthy, None),
        ("functions_of_a_static", HealthStatus::Healthy, None),
    ] {
        assert_eq!((report.status_of(name), report.reason(name)), (Some(status), reason), "{name}");
    }
    assert_eq!(report.check("functions_health").unwrap().data.len(), 1);
}

#[test]
fn they_are_asked_for_readiness_unless_they_say_otherwise() {
    let _still = still();
    assert!(checks().report(Probe::Overall).check("functions_bool").is_some());
    assert!(checks().report(Probe::Live).check("functions_bool").is_none());
    assert!(checks().report(Probe::Started).check("functions_bool").is_none());
}

#[test]
fn the_function_itself_stays_as_it_is() {
    assert!(functions_bool());
    assert_eq!(functions_status(), HealthStatus::Degraded);
}

#[test]
fn what_they_cost_and_say_is_in_the_metrics_of_the_program() {
    let _still = still();
    checks().report(Probe::Overall);
    let text = mainstay::metrics::registry().encode(mainstay::metrics::TextFormat::Prometheus);
    for line in [
        "mainstay_health_status{check=\"functions_bool\"} 1\n",
        "mainstay_health_status{check=\"functions_status\"} 0.5\n",
        "mainstay_health_status{check=\"functions_result\"} 0\n",
        "mainstay_health_check_runs_total{check=\"functions_future\",status=\"unhealthy\"} ",
        "mainstay_health_check_duration_seconds_count{check=\"functions_bool\"} ",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_report_of_the_program_is_not_ready_before_it_is_installed() {
    let _still = still();
    // No test of this program installs them.
    let report = checks().report(Probe::Ready);
    assert_eq!(report.reason("readiness"), Some("the checks are not installed yet"));
    assert!(checks().report(Probe::Live).check("readiness").is_none());
}
