use mainstay::rate_limit;

#[rate_limit("-1.5/s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
