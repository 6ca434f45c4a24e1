use mainstay::circuit_breaker;

#[circuit_breaker(max_timeout = "10s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
