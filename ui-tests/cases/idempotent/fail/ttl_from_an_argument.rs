use std::time::Duration;

use mainstay::idempotent;

#[idempotent(key = id, ttl = keep)]
async fn call(id: u32, keep: Duration) -> Result<u32, mainstay::Error> {
    let _ = keep;
    Ok(id)
}

fn main() {}
