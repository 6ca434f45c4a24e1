use mainstay::fallback;

#[fallback(|_| Ok(()), no(Busy))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
