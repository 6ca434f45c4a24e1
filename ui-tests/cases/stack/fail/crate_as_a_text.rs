use mainstay::bulkhead;

#[bulkhead(5, crate = "mainstay")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
