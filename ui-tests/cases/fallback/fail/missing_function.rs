use mainstay::fallback;

#[fallback]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
