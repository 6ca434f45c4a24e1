use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::MemoryStore};
use mainstay_json::Json;

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

#[derive(Debug, Clone)]
enum PayError {
    Declined,
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for PayError {
    fn from(error: mainstay::Error) -> Self {
        Self::Policy(error)
    }
}

#[idempotent(key = id, store = &*STORE, store_err)]
async fn call(id: u32) -> Result<u32, PayError> {
    if id == 0 { Err(PayError::Declined) } else { Ok(id) }
}

fn main() {}
