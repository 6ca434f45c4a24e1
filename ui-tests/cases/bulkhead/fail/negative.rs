use mainstay::bulkhead;

#[bulkhead(-1)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
