use mainstay::bulkhead;

#[bulkhead(5, crate = mainstay::<u8>)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
