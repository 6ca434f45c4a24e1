use mainstay::adaptive_limit;

#[adaptive_limit(min = 50, max = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
