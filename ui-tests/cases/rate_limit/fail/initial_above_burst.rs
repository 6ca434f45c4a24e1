use mainstay::rate_limit;

#[rate_limit("100/s", burst = 10, initial = 20)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
