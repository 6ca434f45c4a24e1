use std::sync::LazyLock;

use mainstay::{idempotent, idempotent::Idempotency};

static TRANSFERS: LazyLock<Idempotency> =
    LazyLock::new(|| Idempotency::builder().build("transfers").unwrap());

#[idempotent(key = id, with = TRANSFERS, ttl = "1h")]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
