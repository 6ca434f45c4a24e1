use mainstay::bulkhead;

#[bulkhead(5, map_err = "to_io")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
