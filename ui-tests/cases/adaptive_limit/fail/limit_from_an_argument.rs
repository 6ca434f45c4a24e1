use mainstay::adaptive_limit;

#[adaptive_limit(initial = most)]
fn call(most: u32) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
