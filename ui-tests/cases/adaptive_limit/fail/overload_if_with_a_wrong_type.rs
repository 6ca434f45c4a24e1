use mainstay::adaptive_limit;

#[adaptive_limit(overload_if = |error: &u32| *error > 4)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
