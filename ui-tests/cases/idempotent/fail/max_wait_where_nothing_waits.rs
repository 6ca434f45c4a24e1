use mainstay::idempotent;

#[idempotent(key = id, in_flight = reject, max_wait = "1s")]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
