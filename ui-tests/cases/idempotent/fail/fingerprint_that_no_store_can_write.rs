use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

struct Order {
    id: u32,
}

#[idempotent(key = order.id, fingerprint(order), store = &*STORE)]
async fn call(order: Order) -> Result<u32, mainstay::Error> {
    Ok(order.id)
}

fn main() {}
