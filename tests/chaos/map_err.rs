use mainstay::{Error, Kind, chaos, retry};

use crate::support::on;

fn foreign(error: Error) -> std::io::Error {
    std::io::Error::other(error)
}

fn kind(error: &std::io::Error) -> Option<Kind> {
    error.get_ref()?.downcast_ref::<Error>().map(Error::kind)
}

#[test]
fn its_error_becomes_a_foreign_one() {
    #[chaos("map.own", error_rate = 1.0, map_err = foreign)]
    fn call() -> std::io::Result<()> {
        Ok(())
    }
    let _on = on("map.own");
    assert_eq!(kind(&call().unwrap_err()), Some(Kind::Injected));
}

#[test]
fn the_one_of_another_attribute_serves_it_too() {
    #[retry(max_attempts = 1, map_err = foreign)]
    #[chaos("map.other", error_rate = 1.0)]
    fn call() -> std::io::Result<()> {
        Ok(())
    }
    let _on = on("map.other");
    assert_eq!(kind(&call().unwrap_err()), Some(Kind::Injected));
}
