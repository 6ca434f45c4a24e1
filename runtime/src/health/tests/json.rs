//! What is sent over the wire.

use std::time::{Duration, UNIX_EPOCH};

use crate::health::{CheckReport, HealthStatus, Probe, Probes, Report};

fn check(name: &str, status: HealthStatus, reason: Option<&'static str>) -> CheckReport {
    CheckReport {
        name: name.to_owned(),
        status,
        reason: reason.map(Into::into),
        duration: Duration::from_micros(1_500),
        age: Duration::ZERO,
        probes: Probes::READY,
        data: Vec::new(),
    }
}

fn report(checks: Vec<CheckReport>) -> Report {
    let timestamp = UNIX_EPOCH + Duration::from_secs(1_762_027_200);
    Report { timestamp, ..Report::of(Probe::Overall, checks) }
}

#[test]
fn a_report_has_the_keys_that_probes_and_people_look_for() {
    let report = report(vec![
        check("database", HealthStatus::Healthy, None),
        check("redis", HealthStatus::Degraded, Some("slow")),
    ]);
    assert_eq!(
        report.to_json(),
        concat!(
            r#"{"status":"degraded","timestamp":"2025-11-01T20:00:00Z","#,
            r#""checks":{"database":"healthy","redis":"degraded"},"#,
            r#""details":{"database":{"duration_ms":1.5,"age_ms":0,"probes":["ready"]},"#,
            r#""redis":{"duration_ms":1.5,"age_ms":0,"probes":["ready"],"reason":"slow"}}}"#
        )
    );
}

#[test]
fn a_report_without_checks_is_healthy() {
    let report = report(Vec::new());
    assert_eq!(
        report.to_json(),
        r#"{"status":"healthy","timestamp":"2025-11-01T20:00:00Z","checks":{},"details":{}}"#
    );
    assert_eq!(report.to_microprofile_json(), r#"{"status":"UP","checks":[]}"#);
}

#[test]
fn texts_of_others_are_escaped() {
    let report = report(vec![check("a\"b\\c", HealthStatus::Unhealthy, Some("line\n\u{1}\u{7f}é🦀"))]);
    let json = report.to_json();
    assert!(json.contains(r#"{"a\"b\\c":"unhealthy"}"#), "{json}");
    assert!(json.contains("\"reason\":\"line\\n\\u0001\u{7f}é🦀\""), "{json}");
}

#[test]
fn in_the_form_of_microprofile_what_is_degraded_is_up_and_says_so_in_its_data() {
    let mut slow = check("redis", HealthStatus::Degraded, Some("slow"));
    slow.data = vec![("latency_ms".into(), 250.5.into()), ("reason".into(), true.into())];
    let mut figures = check("pool", HealthStatus::Healthy, None);
    figures.data = vec![("open".into(), 3.into()), ("share".into(), f64::NAN.into())];
    let report = report(vec![slow, figures, check("database", HealthStatus::Unhealthy, None)]);
    assert_eq!(
        report.to_microprofile_json(),
        concat!(
            r#"{"status":"DOWN","checks":["#,
            r#"{"name":"redis","status":"UP","data":{"degraded":true,"reason":"slow","latency_ms":250.5}},"#,
            r#"{"name":"pool","status":"UP","data":{"open":3,"share":null}},"#,
            r#"{"name":"database","status":"DOWN"}]}"#
        )
    );
}
