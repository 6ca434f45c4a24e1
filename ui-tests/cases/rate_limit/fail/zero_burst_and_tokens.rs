use mainstay::rate_limit;

#[rate_limit("100/s", burst = 0, tokens = 0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
