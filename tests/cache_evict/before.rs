use std::panic::catch_unwind;

use mainstay::{Error, cache_evict, cached};

use crate::support::{cache, down};

#[test]
fn the_key_goes_first_whatever_becomes_of_the_body() {
    #[cached("evict.before", ttl = "1m")]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cache_evict("evict.before", key = id, before)]
    fn set(id: u64, panics: bool) -> Result<(), Error> {
        assert!(cache("evict.before").get::<_, u64>(&id).is_none());
        assert!(!panics);
        Err(down())
    }
    for panics in [false, true] {
        assert_eq!(get(1), Ok(1));
        assert!(!matches!(catch_unwind(|| set(1, panics)), Ok(Ok(()))));
        assert!(cache("evict.before").is_empty());
    }
}
