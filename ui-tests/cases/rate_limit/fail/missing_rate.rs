use mainstay::rate_limit;

#[rate_limit]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
