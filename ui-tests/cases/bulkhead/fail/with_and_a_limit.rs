use mainstay::bulkhead;

#[bulkhead(10, with = BULKHEAD, max_wait = "1s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
