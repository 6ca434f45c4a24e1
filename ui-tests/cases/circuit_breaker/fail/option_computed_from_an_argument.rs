use mainstay::circuit_breaker;

#[circuit_breaker(failure_threshold = limit)]
fn call(limit: u32) -> Result<u32, mainstay::Error> {
    Ok(limit)
}

fn main() {}
