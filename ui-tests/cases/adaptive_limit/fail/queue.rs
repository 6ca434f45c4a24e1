use mainstay::adaptive_limit;

#[adaptive_limit(max_wait = "1s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
