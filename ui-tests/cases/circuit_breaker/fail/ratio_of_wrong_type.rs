use mainstay::circuit_breaker;

#[circuit_breaker(failure_rate = "half", window = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
