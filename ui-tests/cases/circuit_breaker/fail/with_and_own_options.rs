use mainstay::circuit_breaker;

#[circuit_breaker(with = BREAKER, failure_threshold = 3, timeout = "5s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
