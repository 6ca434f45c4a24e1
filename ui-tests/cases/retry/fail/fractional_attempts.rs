use mainstay::retry;

#[retry(max_attempts = 2.5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
