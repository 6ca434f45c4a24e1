use mainstay::rate_limit;

#[rate_limit("4000000000/s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
