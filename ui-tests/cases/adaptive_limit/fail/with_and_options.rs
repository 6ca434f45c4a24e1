use mainstay::adaptive_limit;

#[adaptive_limit(with = LIMIT, max = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
