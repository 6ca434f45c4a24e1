use mainstay::retry;

#[retry("")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
