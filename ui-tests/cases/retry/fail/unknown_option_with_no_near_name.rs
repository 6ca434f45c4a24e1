use mainstay::retry;

#[retry(colour = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
