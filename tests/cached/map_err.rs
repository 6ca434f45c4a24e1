use std::sync::LazyLock;

use mainstay::{Error, Kind, cached};
use mainstay_testkit::MemoryCacheStore;

use crate::support::Text;

#[derive(Debug, PartialEq)]
struct Foreign(Kind);

#[tokio::test]
async fn a_refusal_becomes_the_functions_error() {
    static STORE: LazyLock<MemoryCacheStore<Text>> = LazyLock::new(MemoryCacheStore::new);
    #[cached(ttl = "1m", store = &*STORE, on_store_error = closed, map_err = |error: Error| Foreign(error.kind()))]
    async fn get(id: u64) -> Result<u64, Foreign> {
        Ok(id)
    }
    STORE.set_down(true);
    assert_eq!(get(1).await, Err(Foreign(Kind::Store)));
    STORE.set_down(false);
    assert_eq!(get(1).await, Ok(1));
}
