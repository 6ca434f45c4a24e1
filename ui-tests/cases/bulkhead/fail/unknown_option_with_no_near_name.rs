use mainstay::bulkhead;

#[bulkhead(10, colour = 5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
