use mainstay::rate_limit;

#[rate_limit("10/s", tokens = 20, initial = 11)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
