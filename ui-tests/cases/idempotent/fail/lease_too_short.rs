use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

#[idempotent(key = id, store = &*STORE, lease = "5ms")]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
