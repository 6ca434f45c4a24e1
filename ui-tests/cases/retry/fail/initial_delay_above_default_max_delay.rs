use mainstay::retry;

#[retry(initial_delay = "2m")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
