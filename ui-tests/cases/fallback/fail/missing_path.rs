use mainstay::fallback;

fn instead(_: mainstay::Error) -> Result<u32, mainstay::Error> {
    Ok(0)
}

#[fallback(insted)]
fn call(order: u32) -> Result<u32, mainstay::Error> {
    Ok(order)
}

fn main() {}
