use mainstay::idempotent;

#[idempotent(ttl = "1h")]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
