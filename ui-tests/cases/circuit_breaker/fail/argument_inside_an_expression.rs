use mainstay::circuit_breaker;

#[circuit_breaker(timeout = limit * 2)]
fn call(limit: std::time::Duration) -> Result<(), mainstay::Error> {
    let _ = limit;
    Ok(())
}

fn main() {}
