use mainstay::{Error, cached};

use crate::support::cache;

#[test]
fn no_more_is_kept_than_there_is_room_for() {
    #[cached("max_entries.bound", ttl = "1m", max_entries = 64)]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    for id in 0..5000 {
        assert_eq!(get(id), Ok(id));
    }
    let cache = cache("max_entries.bound");
    assert!(cache.len() <= 64 + 32, "{}", cache.len());
    assert_eq!(cache.evictions() + cache.len() as u64, 5000);
}

#[test]
fn room_for_one_keeps_one() {
    #[cached("max_entries.one", ttl = "1m", max_entries = 1)]
    fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    for id in 0..100 {
        assert_eq!((get(id), get(id)), (Ok(id), Ok(id)));
    }
    assert_eq!(cache("max_entries.one").len(), 1);
}
