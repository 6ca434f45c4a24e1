use mainstay::fallback;

#[fallback(0)]
fn call() -> Result<u32, mainstay::Error> {
    Ok(1)
}

fn main() {}
