use mainstay::cache_evict;

#[cache_evict("users", key = id, all)]
async fn set(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cache_evict("users", all = true)]
async fn set_by_a_value(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
