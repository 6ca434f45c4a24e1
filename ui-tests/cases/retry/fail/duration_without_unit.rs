use mainstay::retry;

#[retry(initial_delay = 5, max_delay = 1.5, max_elapsed = "90")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
