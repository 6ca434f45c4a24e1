use mainstay::retry;

#[retry(max_attempts = 4294967296)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
