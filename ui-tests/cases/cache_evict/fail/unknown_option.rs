use mainstay::cache_evict;

#[cache_evict("users", key = id, after)]
async fn set(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
