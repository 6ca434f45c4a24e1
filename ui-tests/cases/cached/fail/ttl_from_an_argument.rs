use std::time::Duration;

use mainstay::cached;

#[cached(ttl = time)]
async fn get(time: Duration) -> Result<u64, mainstay::Error> {
    Ok(time.as_secs())
}

fn main() {}
