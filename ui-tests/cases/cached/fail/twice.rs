use mainstay::cached;

#[cached(ttl = "60s")]
#[cached(ttl = "5s")]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
