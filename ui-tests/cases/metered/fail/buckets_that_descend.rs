use mainstay::metered;

#[metered(buckets = ["1s", "10ms"])]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
