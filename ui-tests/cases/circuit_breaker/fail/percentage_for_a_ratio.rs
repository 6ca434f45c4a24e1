use mainstay::circuit_breaker;

#[circuit_breaker(failure_rate = 50, window = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
