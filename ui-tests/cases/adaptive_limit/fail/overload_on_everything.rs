use mainstay::adaptive_limit;

#[adaptive_limit(overload_on(_))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
