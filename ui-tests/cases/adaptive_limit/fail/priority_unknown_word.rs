use mainstay::adaptive_limit;

#[adaptive_limit(priority = urgent)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
