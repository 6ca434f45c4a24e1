use mainstay::cached;

#[cached(ttl = "60s", max_size = 10)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached(ttl = "60s", stale_fro = "10s")]
async fn get_misspelt(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
