use mainstay::bulkhead;

#[bulkhead(10, max_wait = 500)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
