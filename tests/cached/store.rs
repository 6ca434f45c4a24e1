//! A second tier under the local one.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use mainstay::{
    Error, Kind, cached,
    cached::{Cache, CacheStore, Invalidation},
    clock::ManualClock,
};
use mainstay_testkit::MemoryCacheStore;

use crate::support::{Runs, Text, cache, s};

type Memory = MemoryCacheStore<Text>;

#[tokio::test(start_paused = true)]
async fn what_another_process_has_loaded_is_not_loaded_again() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    static RUNS: Runs = Runs::new();
    #[cached("store.shared", ttl = "1m", jitter = none, store = &*STORE)]
    async fn get(id: u64, region: &str) -> Result<String, Error> {
        Ok(format!("{id}{region}{}", RUNS.next()))
    }
    assert_eq!(get(7, "eu").await.as_deref(), Ok("7eu1"));
    assert_eq!((STORE.keys(), STORE.asked()), (vec!["store.shared:7:eu".to_owned()], 2));
    assert_eq!((get(7, "eu").await.as_deref(), STORE.asked()), (Ok("7eu1"), 2));

    // As another process would find it.
    cache("store.shared").clear();
    assert_eq!((get(7, "eu").await.as_deref(), RUNS.count()), (Ok("7eu1"), 1));

    // The store's time bounds the local one.
    cache("store.shared").clear();
    STORE.set("store.shared:7:eu", b"from afar", Duration::from_secs(5)).await.unwrap();
    assert_eq!(get(7, "eu").await.as_deref(), Ok("from afar"));
    tokio::time::advance(s(5)).await;
    assert_eq!(get(7, "eu").await.as_deref(), Ok("7eu2"));
}

#[tokio::test(start_paused = true)]
async fn what_another_process_removes_is_loaded_anew() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    static RUNS: Runs = Runs::new();
    #[cached("store.told", ttl = "1m", store = &*STORE)]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s(id)).await;
        Ok(run)
    }
    assert_eq!((get(0).await, get(0).await), (Ok(1), Ok(1)));
    STORE.remove("store.told:0").await.unwrap();
    assert_eq!((get(0).await, get(0).await), (Ok(2), Ok(2)));
    STORE.remove_prefix("store.told:").await.unwrap();
    assert_eq!((get(0).await, get(0).await), (Ok(3), Ok(3)));
    STORE.remove("store.toldx:0").await.unwrap();
    assert_eq!(get(0).await, Ok(3));
    STORE.tell(Invalidation::All);
    // The store still has it, and is believed.
    assert_eq!((get(0).await, RUNS.count()), (Ok(3), 3));

    // Removed while it is loaded: given, and neither kept here nor there.
    let (loaded, ()) = tokio::join!(get(1), async {
        tokio::task::yield_now().await;
        STORE.remove("store.told:1").await.unwrap();
    });
    assert_eq!((loaded, STORE.keys()), (Ok(4), vec!["store.told:0".to_owned()]));
    assert_eq!(get(1).await, Ok(5));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_done_without_unless_it_is_to_refuse() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    #[cached(ttl = "1m", store = &*STORE)]
    async fn open(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    #[cached("store.closed", ttl = "1m", store = &*STORE, on_store_error = closed)]
    async fn closed(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    STORE.set_down(true);
    assert_eq!((open(1).await, open(1).await), (Ok(1), Ok(1)));
    let refused = closed(1).await.unwrap_err();
    assert_eq!((refused.kind(), refused.policy()), (Kind::Store, "store.closed"));
    STORE.set_down(false);
    assert_eq!(closed(1).await, Ok(1));
    STORE.set_down(true);
    assert_eq!(closed(1).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_loaded_and_written_anew() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    #[cached("store.codec", ttl = "1m", store = &*STORE, on_store_error = closed)]
    async fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    STORE.set("store.codec:1", b"of another version", s(60)).await.unwrap();
    assert_eq!(get(1).await, Ok(1));
    assert_eq!(STORE.get("store.codec:1").await.unwrap().unwrap().value, b"1");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_asks_the_store_first() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    static RUNS: Runs = Runs::new();
    #[cached("store.stale", ttl = "10s", jitter = none, stale_for = "1m", store = &*STORE)]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    STORE.set("store.stale:1", b"100", s(10)).await.unwrap();
    assert_eq!(get(1).await, Ok(1));
    tokio::task::yield_now().await;
    assert_eq!((get(1).await, RUNS.count()), (Ok(100), 1));
}

#[test]
fn a_sync_function_has_one_too() {
    static STORE: LazyLock<Memory> = LazyLock::new(Memory::new);
    static RUNS: Runs = Runs::new();
    #[cached("store.sync", ttl = "1m", jitter = none, store = &*STORE)]
    fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(RUNS.next())
    }
    assert_eq!((get(1), get(1), STORE.keys()), (Ok(1), Ok(1), vec!["store.sync:1".to_owned()]));
    cache("store.sync").clear();
    assert_eq!((get(1), RUNS.count()), (Ok(1), 1));
}

#[tokio::test]
async fn it_may_be_part_of_self_beside_a_cache_of_its_own() {
    struct Shop {
        prices: Cache,
        store: Arc<Memory>,
    }
    impl Shop {
        #[cached(with = self.prices, store = self.store, key = id)]
        async fn price(&self, id: u64) -> Result<u64, Error> {
            Ok(id)
        }
    }
    let store = Arc::new(Memory::new());
    let shop =
        || Shop { prices: Cache::builder().ttl(s(60)).build("a:b").unwrap(), store: Arc::clone(&store) };
    assert_eq!((shop().price(1).await, shop().price(1).await), (Ok(1), Ok(1)));
    assert_eq!((store.keys(), store.asked()), (vec!["a\\:b:1".to_owned()], 3));
}

#[test]
fn values_that_are_absent_have_their_time_there_too() {
    static STORE: LazyLock<MemoryCacheStore<Length>> = LazyLock::new(MemoryCacheStore::new);
    #[cached("store.absent", ttl = "1m", negative_ttl = "5s", store = &*STORE)]
    fn find(id: u64) -> Result<Option<u64>, Error> {
        Ok((id > 1).then_some(id))
    }
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!((find(1), find(2)), (Ok(None), Ok(Some(2))));
    let left = |key| {
        let kept = mainstay::store::block_on(STORE.get(key)).unwrap();
        kept.unwrap().map(|kept| kept.ttl_left)
    };
    assert_eq!((left("store.absent:1"), left("store.absent:2")), (Some(s(5)), Some(s(60))));
}

/// `Option<u64>` in as many bytes as it takes.
struct Length;

impl mainstay::store::Codec for Length {
    const NAME: &'static str = "length";
}

impl mainstay::store::Encode<Option<u64>> for Length {
    fn encode(value: &Option<u64>) -> Result<Vec<u8>, mainstay::store::CodecError> {
        Ok(value.map(u64::to_be_bytes).map(Vec::from).unwrap_or_default())
    }

    fn fingerprint(_: &Option<u64>) -> Result<mainstay::store::Fingerprint, mainstay::store::CodecError> {
        Err(mainstay::store::CodecError::new("nobody asks a cache for it"))
    }
}

impl mainstay::store::Decode<Option<u64>> for Length {
    fn decode(bytes: &[u8]) -> Result<Option<u64>, mainstay::store::CodecError> {
        Ok(bytes.try_into().ok().map(u64::from_be_bytes))
    }
}
