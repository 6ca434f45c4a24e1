use mainstay::adaptive_limit;

#[adaptive_limit(initial = 5 * 1, min = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
