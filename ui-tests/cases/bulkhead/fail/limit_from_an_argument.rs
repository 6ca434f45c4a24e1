use mainstay::bulkhead;

#[bulkhead(limit)]
fn call(limit: u32) -> Result<u32, mainstay::Error> {
    Ok(limit)
}

fn main() {}
