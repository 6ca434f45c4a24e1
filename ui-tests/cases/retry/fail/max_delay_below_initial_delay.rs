use mainstay::retry;

#[retry(initial_delay = "10s", max_delay = "1s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
