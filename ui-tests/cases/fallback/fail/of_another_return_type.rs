use mainstay::fallback;

fn instead(_: mainstay::Error) -> Result<String, mainstay::Error> {
    Ok(String::new())
}

#[fallback(instead)]
fn call(order: u32) -> Result<u32, mainstay::Error> {
    Ok(order)
}

fn main() {}
