use mainstay::bulkhead;

#[bulkhead("payments")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
