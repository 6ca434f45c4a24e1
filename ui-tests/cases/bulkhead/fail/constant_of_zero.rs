use mainstay::bulkhead;

const LIMIT: u32 = 0;

#[bulkhead(LIMIT)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
