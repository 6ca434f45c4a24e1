use mainstay::retry;

#[retry(max_attempts = -1)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
