use mainstay::adaptive_limit;

#[adaptive_limit(algorithm = aimd, backoff_ratio = 90)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
