use mainstay::retry;

#[retry(budget = "0.1")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
