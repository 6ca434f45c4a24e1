use mainstay::adaptive_limit;

#[adaptive_limit(min = 0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
