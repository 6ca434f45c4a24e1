use std::time::Duration;

use mainstay::idempotent;

const ZERO: Duration = Duration::ZERO;

#[idempotent(key = id, ttl = ZERO)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
