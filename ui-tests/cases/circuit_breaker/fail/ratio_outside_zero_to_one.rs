use mainstay::circuit_breaker;

#[circuit_breaker(failure_rate = -0.5, window = 100, slow_call = "1s", slow_call_rate = 250.0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
