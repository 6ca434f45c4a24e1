use mainstay::cached;

#[cached(ttl = "60s", store = "redis://localhost")]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
