use mainstay::circuit_breaker;

#[circuit_breaker(max_keys = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
