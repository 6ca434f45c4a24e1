//! The rules of MicroProfile Health 4 and its test kit, restated. `docs/standards.md` lists them.

use mainstay::health::CheckOptions;
use mainstay::health::{Health, HealthChecker, HealthStatus, Probe, Probes, from_fn};

use crate::support::still;

fn checker(checks: &[(&'static str, Probes, bool)]) -> HealthChecker {
    let checker = HealthChecker::new("service");
    for (name, probes, up) in checks {
        let (mut options, up) = (CheckOptions::new(), *up);
        if probes.contains(Probe::Live) {
            options = options.live();
        }
        if probes.contains(Probe::Ready) {
            options = options.ready();
        }
        if probes.contains(Probe::Started) {
            options = options.startup();
        }
        checker.add_with(name, options, from_fn(move || async move { up })).unwrap();
    }
    checker
}

fn answer(checker: &HealthChecker, probe: Probe) -> (u16, String) {
    let _still = still();
    let report = checker.report(probe);
    (report.http_status(), report.to_microprofile_json())
}

#[test]
fn one_check_that_is_up_is_200_and_up() {
    let checker = checker(&[("a", Probes::LIVE, true)]);
    let body = r#"{"status":"UP","checks":[{"name":"a","status":"UP"}]}"#;
    assert_eq!(answer(&checker, Probe::Live), (200, body.into()));
}

#[test]
fn one_check_that_is_down_is_503_and_down() {
    let checker = checker(&[("a", Probes::READY, false)]);
    let body = r#"{"status":"DOWN","checks":[{"name":"a","status":"DOWN"}]}"#;
    assert_eq!(answer(&checker, Probe::Ready), (503, body.into()));
}

#[test]
fn of_several_one_that_is_down_makes_the_whole_down_and_all_are_told() {
    let checker = checker(&[("a", Probes::LIVE, true), ("b", Probes::LIVE, false)]);
    let body = r#"{"status":"DOWN","checks":[{"name":"a","status":"UP"},{"name":"b","status":"DOWN"}]}"#;
    assert_eq!(answer(&checker, Probe::Live), (503, body.into()));
}

#[test]
fn without_checks_the_answer_is_up_and_the_list_empty() {
    let empty = r#"{"status":"UP","checks":[]}"#;
    for probe in Probe::ALL {
        assert_eq!(answer(&HealthChecker::new("service"), probe), (200, empty.into()), "{probe}");
    }
}

#[test]
fn each_path_asks_its_own_kind_and_the_overall_one_all() {
    let checker =
        checker(&[("l", Probes::LIVE, true), ("r", Probes::READY, false), ("s", Probes::STARTUP, true)]);
    let names = |probe| {
        let _still = still();
        checker.report(probe).checks.into_iter().map(|check| check.name).collect::<Vec<_>>()
    };
    assert_eq!(names(Probe::Live), ["l"]);
    assert_eq!(names(Probe::Ready), ["r"]);
    assert_eq!(names(Probe::Started), ["s"]);
    assert_eq!(names(Probe::Overall), ["l", "r", "s"]);
    assert_eq!(
        [Probe::Live, Probe::Ready, Probe::Overall].map(|probe| answer(&checker, probe).0),
        [200, 503, 503]
    );
}

#[test]
fn one_check_may_be_of_several_kinds() {
    let both = checker(&[("a", Probes::LIVE.and(Probes::READY), true)]);
    assert!(
        answer(&both, Probe::Live).1.contains("\"a\"") && answer(&both, Probe::Ready).1.contains("\"a\"")
    );
    assert!(!answer(&both, Probe::Started).1.contains("\"a\""));
}

#[test]
fn a_check_that_throws_is_down() {
    let checker = HealthChecker::new("service");
    let thrown = from_fn(|| async { std::hint::black_box(None::<bool>).expect("no answer") });
    checker.add_as("a", thrown);
    assert_eq!(answer(&checker, Probe::Ready).0, 503);
    assert!(answer(&checker, Probe::Ready).1.contains("panicked: no answer"));
}

#[test]
fn data_are_texts_numbers_and_truth_values() {
    let checker = HealthChecker::new("service");
    let data = || async { Health::healthy().with("text", "value").with("number", 7).with("truth", true) };
    checker.add_as("a", from_fn(data));
    let data = r#"{"name":"a","status":"UP","data":{"text":"value","number":7,"truth":true}}"#;
    assert_eq!(answer(&checker, Probe::Ready).1, format!(r#"{{"status":"UP","checks":[{data}]}}"#));
}

#[test]
fn before_the_checks_are_there_readiness_is_down_and_liveness_is_not() {
    let program = mainstay::health::checks();
    let _still = still();
    assert_eq!(program.report(Probe::Ready).http_status(), 503);
    assert_eq!(program.report(Probe::Started).http_status(), 503);
    assert!(program.report(Probe::Live).check("readiness").is_none());
}

#[test]
fn what_is_degraded_has_no_word_there_and_is_up() {
    let checker = HealthChecker::new("service");
    checker.add_as("a", from_fn(async || HealthStatus::Degraded));
    let body = r#"{"status":"UP","checks":[{"name":"a","status":"UP","data":{"degraded":true}}]}"#;
    assert_eq!(answer(&checker, Probe::Ready), (200, body.into()));
}
