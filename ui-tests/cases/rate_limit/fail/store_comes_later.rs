use mainstay::rate_limit;

#[rate_limit("100/s", store = redis)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
