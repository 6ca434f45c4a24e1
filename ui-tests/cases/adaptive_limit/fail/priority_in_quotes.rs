use mainstay::adaptive_limit;

#[adaptive_limit(priority = "critical")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
