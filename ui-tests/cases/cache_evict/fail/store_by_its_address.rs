use mainstay::cache_evict;

#[cache_evict("users", key = id, store = "redis://localhost")]
async fn rename(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
