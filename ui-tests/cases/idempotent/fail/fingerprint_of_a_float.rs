use mainstay::idempotent;

#[idempotent(key = id, fingerprint(amount))]
async fn call(id: u32, amount: f64) -> Result<f64, mainstay::Error> {
    let _ = id;
    Ok(amount)
}

fn main() {}
