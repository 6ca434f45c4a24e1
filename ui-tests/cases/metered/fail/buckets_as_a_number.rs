use mainstay::metered;

#[metered(buckets = 0.5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
