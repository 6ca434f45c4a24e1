use mainstay::bulkhead;

#[bulkhead(0, max_wait = 1, max_queue = -1, colour = red)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
