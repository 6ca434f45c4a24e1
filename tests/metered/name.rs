use mainstay::{Error, catalog, metered, metered::Outcome, policies};

use crate::support::assert_scraped;

#[test]
fn module_path_and_function_are_the_name_by_default() {
    #[metered]
    fn nameless() -> Result<(), Error> {
        Ok(())
    }
    nameless().unwrap();
    assert_scraped("metered::name::nameless", &["calls_total{@,outcome=\"ok\"} 1"]);
}

#[tokio::test]
async fn functions_under_one_name_are_counted_together() {
    #[metered("name.shared")]
    fn one() -> Result<(), Error> {
        Ok(())
    }
    #[metered(name = "name.shared")]
    async fn other() -> Result<(), Error> {
        Ok(())
    }
    one().unwrap();
    other().await.unwrap();
    assert_eq!(policies().metered("name.shared").unwrap().count(Outcome::Ok), 2);
}

#[test]
fn a_function_that_nobody_calls_is_there_at_zero_and_in_the_catalog() {
    #[metered("name.idle", slo(ok = 99.0))]
    fn idle() -> Result<(), Error> {
        Ok(())
    }
    assert_scraped(
        "name.idle",
        &["calls_total{@,outcome=\"ok\"} 0", "calls_total{@,outcome=\"cancelled\"} 0", "in_flight{@} 0"],
    );
    let catalog = catalog();
    let site = catalog.find("metered::name::idle").next().unwrap();
    let layer = &site.stack()[0];
    assert_eq!((layer.attribute(), layer.policy()), ("metered", Some("name.idle")));
    assert_eq!(layer.config().unwrap(), "ok 99 %");
    assert_eq!(layer.state().unwrap(), "0 calls, 0 of them ok, 0 in flight");
    idle().unwrap();
}
