use mainstay::bulkhead;

#[bulkhead(10, max_wait = "1s", max_queue = 0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
