use mainstay::rate_limit;

#[rate_limit("10/fortnight")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
