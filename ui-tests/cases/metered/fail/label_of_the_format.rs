use mainstay::metered;

#[metered(labels(outcome = true))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
