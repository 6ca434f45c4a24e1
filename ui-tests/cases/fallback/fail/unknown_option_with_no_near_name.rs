use mainstay::fallback;

#[fallback(|_| Ok(()), colour = 5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
