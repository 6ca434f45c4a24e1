use mainstay::timeout;

#[timeout("2s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
