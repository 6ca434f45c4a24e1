use mainstay::{Error, cached, catalog, policies};

use crate::support::Runs;

#[test]
fn functions_with_one_name_share_their_answers() {
    static RUNS: Runs = Runs::new();
    #[cached("name.shared", ttl = "1m")]
    fn first(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    #[cached(name = "name.shared", ttl = "1m")]
    fn second(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    assert_eq!((first(1), second(1), second(2), first(2)), (Ok(1), Ok(1), Ok(2), Ok(2)));
}

#[test]
fn without_one_each_function_keeps_its_own_and_is_found_by_its_path() {
    #[cached(ttl = "1m")]
    fn by_path(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    assert_eq!(by_path(7), Ok(7));
    let cache = policies().cache("cached::name::by_path").unwrap();
    assert_eq!(cache.get::<u64, u64>(&7), Some(7));
    assert!(catalog().sites().iter().any(|site| site.path() == "cached::name::by_path"));
}

#[test]
fn two_configurations_under_one_name_are_reported() {
    #[cached("name.conflict", ttl = "1m")]
    fn first() -> Result<u32, Error> {
        Ok(1)
    }
    #[cached("name.conflict", ttl = "2m")]
    fn second() -> Result<u32, Error> {
        Ok(2)
    }
    assert_eq!((first(), second()), (Ok(1), Ok(1)));
    let conflict =
        policies().conflicts().into_iter().find(|conflict| conflict.name == "name.conflict").unwrap();
    assert_eq!(conflict.attribute, "cached");
    assert!(conflict.to_string().contains("ttl 60s"), "{conflict}");
}
