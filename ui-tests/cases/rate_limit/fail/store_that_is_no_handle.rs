use mainstay::rate_limit;

#[rate_limit("100/s", store = "redis://localhost")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
