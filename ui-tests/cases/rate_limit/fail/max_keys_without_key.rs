use mainstay::rate_limit;

#[rate_limit("100/s", max_keys = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
