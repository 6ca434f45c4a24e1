use mainstay::{Error, cache_evict, cached};

use crate::support::{Runs, cache};

#[test]
fn a_name_that_no_cache_has_evicts_nothing_and_does_not_fail() {
    #[cache_evict("evict.nobody", key = id)]
    fn set(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    assert_eq!((set(1), set(2)), (Ok(1), Ok(2)));
}

#[test]
fn a_cache_is_found_that_was_never_called() {
    #[cached("evict.uncalled", ttl = "1m")]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cache_evict("evict.uncalled", key = id)]
    fn set(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    assert_eq!((set(1), get(1)), (Ok(1), Ok(1)));
    assert_eq!(cache("evict.uncalled").len(), 1);
    assert_eq!((set(1), cache("evict.uncalled").len()), (Ok(1), 0));
}

#[test]
fn a_key_of_another_type_evicts_nothing() {
    static RUNS: Runs = Runs::new();
    #[cached("evict.mistyped", ttl = "1m")]
    fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    #[cache_evict("evict.mistyped", key = id)]
    fn set(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    assert_eq!((get(1), set(1), get(1)), (Ok(1), Ok(1), Ok(1)));
}
