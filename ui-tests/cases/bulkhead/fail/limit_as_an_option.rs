use mainstay::bulkhead;

#[bulkhead(max_concurrent = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
