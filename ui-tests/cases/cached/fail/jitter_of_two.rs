use mainstay::cached;

#[cached(ttl = "60s", jitter = 2.5)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached(ttl = "60s", max_entries = 0)]
async fn get_from_no_room(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
