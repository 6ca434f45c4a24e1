use mainstay::adaptive_limit;

#[adaptive_limit(initial = 500, min = 1, max = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
