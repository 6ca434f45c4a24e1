use mainstay::retry;

#[retry(initial_delay = "-5s", max_delay = "", max_elapsed = "99999999999h")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
