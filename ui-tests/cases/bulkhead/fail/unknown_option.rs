use mainstay::bulkhead;

#[bulkhead(10, max_que = 5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
