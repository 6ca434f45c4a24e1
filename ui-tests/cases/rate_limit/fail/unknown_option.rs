use mainstay::rate_limit;

#[rate_limit("100/s", bust = 5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
