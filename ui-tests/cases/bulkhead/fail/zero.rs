use mainstay::bulkhead;

#[bulkhead(0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
