use mainstay::adaptive_limit;

#[adaptive_limit(10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
