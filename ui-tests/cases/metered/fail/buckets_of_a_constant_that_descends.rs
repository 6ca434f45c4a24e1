use mainstay::metered;

const BUCKETS: &[f64] = &[1.0, 0.5];

#[metered(buckets = BUCKETS)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
