use mainstay::idempotent;

#[idempotent(key = id, on_duplicate = replays, in_flight = "wait", on_cancel = forget)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
