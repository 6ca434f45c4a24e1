use mainstay::{fallback, retry};

#[retry]
#[fallback(|_| Ok(()))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
