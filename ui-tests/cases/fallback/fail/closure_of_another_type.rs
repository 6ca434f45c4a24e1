use mainstay::fallback;

#[fallback(|_| Ok("none"))]
fn call() -> Result<u32, mainstay::Error> {
    Ok(1)
}

fn main() {}
