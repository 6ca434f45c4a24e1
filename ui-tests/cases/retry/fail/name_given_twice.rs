use mainstay::retry;

#[retry("payments", name = "orders")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
