use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

struct Service {
    store: MemoryStore<Json>,
}

impl Service {
    #[idempotent(key = id, store = &self.store)]
    async fn call(&self, id: u32) -> Result<u32, mainstay::Error> {
        Ok(id)
    }
}

fn main() {}
