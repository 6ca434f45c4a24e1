use mainstay::cached;

#[cached(ttl = "60s", key = user_id)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
