use mainstay::{fallback, idempotent};

#[idempotent(key = id)]
#[fallback(|_| Ok(0))]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
