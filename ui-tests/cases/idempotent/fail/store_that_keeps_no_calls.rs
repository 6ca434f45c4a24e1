use std::sync::LazyLock;

use mainstay::{
    idempotent,
    store::{BoxFuture, Store, StoreError},
};

struct Caches;

impl Store for Caches {
    fn describe(&self) -> String {
        "caches".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

static CACHES: LazyLock<Caches> = LazyLock::new(|| Caches);

#[idempotent(key = id, store = &*CACHES)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
