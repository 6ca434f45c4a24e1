use std::time::SystemTime;

use mainstay::idempotent;

#[idempotent(key = (id, format!("{:?}", SystemTime::now())))]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
