use mainstay::retry;

#[retry(failure_threshold = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
