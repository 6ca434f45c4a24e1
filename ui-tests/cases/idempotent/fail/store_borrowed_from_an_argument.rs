use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

#[idempotent(key = id, store = store)]
async fn call(store: &MemoryStore<Json>, id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
