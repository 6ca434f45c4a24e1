use mainstay::rate_limit;

#[rate_limit(100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
