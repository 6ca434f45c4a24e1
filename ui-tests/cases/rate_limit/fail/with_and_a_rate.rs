use mainstay::rate_limit;

#[rate_limit("100/s", with = LIMITER, burst = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
