use mainstay::retry;

#[retry(with = POLICY, max_attempts = 3, initial_delay = "1s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
