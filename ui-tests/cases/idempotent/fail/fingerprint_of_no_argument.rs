use mainstay::idempotent;

#[idempotent(key = id, fingerprint(id, amount))]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
