use mainstay::retry;

fn seconds(attempt: u32) -> u64 {
    u64::from(attempt)
}

#[retry(backoff = seconds)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
