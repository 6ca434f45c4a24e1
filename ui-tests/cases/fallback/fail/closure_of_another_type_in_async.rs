use mainstay::fallback;

#[fallback(|_| Ok("none"))]
async fn call() -> Result<u32, mainstay::Error> {
    Ok(1)
}

fn main() {}
