use mainstay::rate_limit;

#[rate_limit("100/s", tokens = "five")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
