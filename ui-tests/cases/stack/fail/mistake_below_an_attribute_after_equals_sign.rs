use mainstay::{retry, timeout};

#[retry(max_attempts = 0)]
#[timeout = "2s"]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
