use mainstay::retry;

#[retry(exponential_base = 0.5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
