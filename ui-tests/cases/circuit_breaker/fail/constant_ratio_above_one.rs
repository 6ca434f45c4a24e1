use mainstay::circuit_breaker;

const PERCENT: f64 = 50.0;

#[circuit_breaker(failure_rate = PERCENT, window = 100)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
