use mainstay::retry;

#[retry(max_attempts = 3, max_attempts = 4)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
