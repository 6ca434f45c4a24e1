use mainstay::retry;

#[retry(initial_delay = "5s1m")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
