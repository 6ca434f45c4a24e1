use mainstay::timeout;

#[timeout(seconds)]
async fn call(seconds: u64) -> Result<u64, mainstay::Error> {
    Ok(seconds)
}

fn main() {}
