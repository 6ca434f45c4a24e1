use mainstay::circuit_breaker;

fn limit() -> u32 {
    5
}

#[circuit_breaker(failure_threshold = limit())]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
