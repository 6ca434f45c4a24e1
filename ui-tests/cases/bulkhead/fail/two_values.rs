use mainstay::bulkhead;

#[bulkhead("payments", 10, 20)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
