use mainstay::retry;

#[retry(backoff = linear, exponential_base = 3.0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
