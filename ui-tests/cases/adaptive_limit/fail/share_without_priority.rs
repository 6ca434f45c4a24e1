use mainstay::adaptive_limit;

#[adaptive_limit(sheddable_share = 0.3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
