use mainstay::rate_limit;

#[rate_limit("100/s", algorithm = leaky_bucket)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
