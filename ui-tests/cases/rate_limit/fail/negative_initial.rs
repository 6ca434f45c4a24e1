use mainstay::rate_limit;

#[rate_limit("100/s", initial = -1)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
