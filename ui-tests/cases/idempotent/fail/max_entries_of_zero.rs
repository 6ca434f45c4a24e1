use mainstay::idempotent;

#[idempotent(key = id, max_entries = 0)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
