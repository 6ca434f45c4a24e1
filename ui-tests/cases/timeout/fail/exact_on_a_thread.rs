use mainstay::timeout;

#[timeout("2s", exact, blocking = thread)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
