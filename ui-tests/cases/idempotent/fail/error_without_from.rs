use mainstay::idempotent;

#[derive(Debug)]
struct PayError;

#[idempotent(key = id)]
async fn call(id: u32) -> Result<u32, PayError> {
    if id == 0 { Err(PayError) } else { Ok(id) }
}

fn main() {}
