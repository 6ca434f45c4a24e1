use mainstay::idempotent;

struct Receipt {
    id: u32,
}

#[idempotent(key = id)]
async fn call(id: u32) -> Result<Receipt, mainstay::Error> {
    Ok(Receipt { id })
}

fn main() {}
