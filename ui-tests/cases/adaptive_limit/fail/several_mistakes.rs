use mainstay::adaptive_limit;

#[adaptive_limit(initial = 0, max = "10", priority = 7, colour = red)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
