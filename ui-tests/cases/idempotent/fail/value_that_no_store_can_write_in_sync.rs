use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

#[derive(Clone)]
struct Receipt {
    id: u32,
}

#[idempotent(key = id, store = &*STORE)]
fn call(id: u32) -> Result<Receipt, mainstay::Error> {
    Ok(Receipt { id })
}

fn main() {}
