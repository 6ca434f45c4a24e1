use std::sync::LazyLock;

use mainstay::{bulkhead::Bulkhead, idempotent};

static PLACES: LazyLock<Bulkhead> = LazyLock::new(|| Bulkhead::builder(3).build("places").unwrap());

#[idempotent(key = id, with = PLACES)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
