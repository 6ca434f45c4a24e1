use mainstay::adaptive_limit;

#[adaptive_limit(priority = normal, normal_share = 0.3, sheddable_share = 0.6)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
