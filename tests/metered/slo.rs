use mainstay::{Error, metered, metered::slo_rules};

#[test]
fn an_objective_becomes_rules_for_prometheus_before_any_call() {
    #[metered("slo.payments", slo(ok = 99.9, p99 = "250ms"))]
    async fn pay() -> Result<(), Error> {
        Ok(())
    }
    #[metered("slo.none")]
    fn none() {}
    none();
    drop(pay());
    let rules = slo_rules();
    for part in [
        "mainstay-slo-errors-slo.payments",
        "mainstay-slo-slow-slo.payments",
        "record: mainstay:function_slow:ratio_rate3d",
        "alert: MainstayErrorBudgetBurn",
        "le=\\\"0.25\\\"",
    ] {
        assert!(rules.contains(part), "no `{part}` in\n{rules}");
    }
    assert!(!rules.contains("slo.none"));
}
