use mainstay::metered;

#[metered(buckets = bounds)]
fn call(bounds: &'static [f64]) -> Result<(), mainstay::Error> {
    let _ = bounds;
    Ok(())
}

fn main() {}
