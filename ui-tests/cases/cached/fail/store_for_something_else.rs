use std::sync::LazyLock;

use mainstay::{
    cached,
    store::{BoxFuture, Store, StoreError},
};

struct Calls;

impl Store for Calls {
    fn describe(&self) -> String {
        "calls".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

static CALLS: LazyLock<Calls> = LazyLock::new(|| Calls);

#[cached(ttl = "60s", store = &*CALLS)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
