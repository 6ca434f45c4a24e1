use mainstay::{cached, fallback, hedge, idempotent, retry};

#[hedge(safe)]
#[retry]
async fn above_retry(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[hedge(safe)]
#[hedge(safe)]
async fn twice(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[hedge]
#[idempotent(key = id)]
async fn above_idempotent(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[hedge(safe)]
#[cached(ttl = "60s")]
async fn above_cached(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[hedge(safe)]
#[fallback(|_| Ok(1))]
async fn above_fallback(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
