use mainstay::retry;

#[retry(initial_delay = "10s", max_elapsed = "5s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
