use mainstay::circuit_breaker;

#[circuit_breaker(window = 100, minimum_calls = 10)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
