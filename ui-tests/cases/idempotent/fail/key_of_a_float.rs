use mainstay::idempotent;

#[idempotent(key = amount)]
async fn call(amount: f64) -> Result<f64, mainstay::Error> {
    Ok(amount)
}

fn main() {}
