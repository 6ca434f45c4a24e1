use mainstay::idempotent;

#[idempotent(key = id, colour = red)]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
