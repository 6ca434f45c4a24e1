use mainstay::rate_limit;

#[rate_limit("0/s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
