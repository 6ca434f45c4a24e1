use mainstay::circuit_breaker;

const OPEN_FOR: u64 = 30;

#[circuit_breaker(timeout = OPEN_FOR)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
