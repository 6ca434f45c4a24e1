use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

struct Transaction;

#[idempotent(key = id, store = &*STORE, transaction = tx)]
async fn call(tx: &mut Transaction, id: u32) -> Result<u32, mainstay::Error> {
    let _ = tx;
    Ok(id)
}

fn main() {}
