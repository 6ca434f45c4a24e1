use mainstay::retry;

#[retry(max_attempts = 0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
