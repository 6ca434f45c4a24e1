use mainstay::retry;

#[retry(3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
