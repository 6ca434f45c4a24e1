use std::time::Duration;

use mainstay::cached;

const NONE: Duration = Duration::ZERO;

#[cached(ttl = NONE)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
