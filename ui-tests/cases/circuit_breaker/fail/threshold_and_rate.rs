use mainstay::circuit_breaker;

#[circuit_breaker(failure_threshold = 5, failure_rate = 0.5, window = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
