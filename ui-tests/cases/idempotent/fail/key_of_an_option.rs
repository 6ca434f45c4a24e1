use mainstay::idempotent;

#[idempotent(key = id)]
fn call(id: Option<u32>) -> Result<u32, mainstay::Error> {
    Ok(id.unwrap_or(1))
}

fn main() {}
