use mainstay::retry;

#[retry(initial_delay = "5 sec", max_delay = "2fortnights")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
