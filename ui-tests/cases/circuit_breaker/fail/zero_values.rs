use mainstay::circuit_breaker;

#[circuit_breaker(
    failure_rate = 0,
    window = 0,
    minimum_calls = 0,
    success_threshold = 0,
    half_open_calls = 0,
    timeout = "0s",
    slow_call = "0s"
)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
