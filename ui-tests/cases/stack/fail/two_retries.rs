use mainstay::retry;

#[retry(max_attempts = 3)]
#[retry(max_attempts = 2)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
