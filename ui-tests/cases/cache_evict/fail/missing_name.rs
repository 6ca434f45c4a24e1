use mainstay::cache_evict;

#[cache_evict(key = id)]
async fn set(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
