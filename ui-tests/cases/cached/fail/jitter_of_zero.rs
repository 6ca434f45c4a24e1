use mainstay::cached;

#[cached(ttl = "60s", jitter = 0)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached(ttl = "60s", jitter = 0.0)]
async fn get_again(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
