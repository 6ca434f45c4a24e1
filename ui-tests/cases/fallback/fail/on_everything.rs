use mainstay::fallback;

#[fallback(|_| Ok(()), on(_))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
