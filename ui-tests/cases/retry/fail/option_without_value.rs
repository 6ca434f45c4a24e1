use mainstay::retry;

#[retry(max_attempts, initial_delay =)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
