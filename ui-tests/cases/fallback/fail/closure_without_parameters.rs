use mainstay::fallback;

#[fallback(|| Ok(()))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
