use mainstay::{Error, catalog, chaos, metrics, policies, site::Layer};

use crate::support::on;

#[test]
fn the_catalog_metrics_and_policies_show_that_it_is_on() {
    #[chaos("listing", error_rate = 1.0)]
    fn call() -> Result<(), Error> {
        Ok(())
    }
    call().unwrap();
    let catalog = catalog();
    let layer = || {
        let site =
            catalog.sites().iter().find(|site| site.stack().iter().any(|l| l.policy() == Some("listing")));
        site.and_then(|site| site.stack().iter().find(|layer| layer.attribute() == "chaos"))
    };
    assert_eq!(layer().and_then(Layer::state).as_deref(), Some("off"));
    let _on = on("listing");
    assert!(call().is_err());
    assert!(layer().and_then(Layer::state).unwrap().starts_with("ON: 0 late, 1 failed"));
    let listed = policies().all();
    let listed = listed.iter().find(|listed| listed.name() == "listing").unwrap().policy();
    assert_eq!(
        (listed.kind(), listed.phase(), listed.config()),
        ("chaos", Some("on"), "error_rate 1".to_owned())
    );
    let text = metrics::registry().encode(metrics::TextFormat::OpenMetrics);
    for line in [
        "mainstay_chaos_injected_total{name=\"listing\",fault=\"error\"} 1",
        "mainstay_chaos_on{name=\"listing\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}
