use mainstay::idempotent;

#[idempotent(key = (account, amount))]
fn call(account: u32, amount: f64) -> Result<f64, mainstay::Error> {
    let _ = account;
    Ok(amount)
}

fn main() {}
