use std::time::Duration;

use crate::metered::{Metered, Slo, slo::rules};

#[test]
fn an_objective_becomes_seven_records_and_four_alerts() {
    let slo = Slo::new().ok(99.9).latency(0.99, Duration::from_millis(250));
    let metered = Metered::builder().slo(slo).build("pay \"now\"").unwrap();
    let text = rules(&[&metered]);
    assert_eq!(text.matches("- record:").count(), 14);
    assert_eq!(text.matches("- alert:").count(), 8);
    for part in [
        "- name: \"mainstay-slo-errors-pay \\\"now\\\"\"",
        "record: mainstay:function_errors:ratio_rate5m",
        // 14.4 times a budget of a thousandth.
        "> 0.0144 and mainstay:function_errors:ratio_rate5m",
        "le=\\\"0.25\\\"}[1h])",
        "> 0.144 and",
        "severity: page",
        "99.9 % of calls are to succeed",
        "99 % of calls are to take 250ms at most",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn without_objectives_the_file_is_empty_and_still_a_rules_file() {
    let metered = Metered::builder().build("none").unwrap();
    assert_eq!(rules(&[&metered]), "groups: []\n");
}
