use mainstay::{cached, fallback};

#[cached(ttl = "60s")]
#[fallback(|_| Ok(0))]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
