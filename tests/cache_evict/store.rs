use std::sync::LazyLock;

use mainstay::{Error, cache_evict, cached};
use mainstay_testkit::MemoryCacheStore;

use crate::support::{Runs, Text};

#[tokio::test]
async fn the_key_goes_from_the_second_tier_as_well() {
    static STORE: LazyLock<MemoryCacheStore<Text>> = LazyLock::new(MemoryCacheStore::new);
    static RUNS: Runs = Runs::new();
    #[cached("evict.store", ttl = "1m", store = &*STORE)]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    #[cache_evict("evict.store", key = id, store = &*STORE)]
    async fn set(id: u64) -> Result<(), Error> {
        let _ = id;
        Ok(())
    }
    #[cache_evict("evict.store", all, store = &*STORE)]
    async fn set_all() -> Result<(), Error> {
        Ok(())
    }
    assert_eq!((get(1).await, get(2).await), (Ok(1), Ok(2)));
    set(1).await.unwrap();
    assert_eq!(STORE.keys(), ["evict.store:2"]);
    assert_eq!((get(1).await, get(2).await), (Ok(3), Ok(2)));
    set_all().await.unwrap();
    assert!(STORE.keys().is_empty());
    assert_eq!((get(1).await, get(2).await), (Ok(4), Ok(5)));
    STORE.set_down(true);
    assert_eq!(set(1).await, Ok(()));
    assert_eq!(get(1).await, Ok(6));
}

#[test]
fn and_from_that_of_a_sync_function() {
    static STORE: LazyLock<MemoryCacheStore<Text>> = LazyLock::new(MemoryCacheStore::new);
    #[cached("evict.sync_store", ttl = "1m", store = &*STORE)]
    fn get(id: u64, name: &str) -> Result<u64, Error> {
        Ok(id + name.len() as u64)
    }
    #[cache_evict("evict.sync_store", key = (id, "ada"), store = &*STORE)]
    fn set(id: u64) -> Result<(), Error> {
        let _ = id;
        Ok(())
    }
    assert_eq!((get(1, "ada"), get(2, "ada")), (Ok(4), Ok(5)));
    set(1).unwrap();
    assert_eq!(STORE.keys(), ["evict.sync_store:2:ada"]);
}
