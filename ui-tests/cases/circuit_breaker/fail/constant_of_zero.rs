use mainstay::circuit_breaker;

const ZERO: u32 = 0;

#[circuit_breaker(failure_threshold = ZERO)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
