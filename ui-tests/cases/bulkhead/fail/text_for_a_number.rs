use mainstay::bulkhead;

#[bulkhead("ten")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
