use mainstay::retry;

const ATTEMPTS: u64 = 3;

#[retry(max_attempts = ATTEMPTS)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
