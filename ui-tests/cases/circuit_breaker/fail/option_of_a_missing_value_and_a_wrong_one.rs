use mainstay::circuit_breaker;

#[circuit_breaker(timeout = 30, max_timeout = "5s", success_threshold)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
