use mainstay::bulkhead;

#[bulkhead]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
