use mainstay::fallback;

fn instead() -> Result<u32, mainstay::Error> {
    Ok(0)
}

#[fallback(instead)]
fn call(order: u32) -> Result<u32, mainstay::Error> {
    Ok(order)
}

fn main() {}
