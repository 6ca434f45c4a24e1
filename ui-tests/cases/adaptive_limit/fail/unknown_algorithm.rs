use mainstay::adaptive_limit;

#[adaptive_limit(algorithm = vegas)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
