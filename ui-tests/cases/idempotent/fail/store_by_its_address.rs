use mainstay::idempotent;

#[idempotent(key = id, store = "redis://localhost")]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    Ok(id)
}

fn main() {}
