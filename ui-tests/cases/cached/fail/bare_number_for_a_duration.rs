use mainstay::cached;

#[cached(ttl = 60)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached(ttl = "0s")]
async fn get_for_no_time(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
