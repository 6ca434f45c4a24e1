use mainstay::circuit_breaker;

#[circuit_breaker(failure_rate = 0.5, window = "30")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
