use mainstay::fallback;

async fn instead(_: mainstay::Error) -> Result<String, mainstay::Error> {
    Ok(String::new())
}

#[fallback(instead)]
async fn call(order: u32) -> Result<u32, mainstay::Error> {
    Ok(order)
}

fn main() {}
