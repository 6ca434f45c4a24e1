use mainstay::fallback;

fn instead(_: mainstay::Error, order: String) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

#[fallback(instead)]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

fn main() {}
