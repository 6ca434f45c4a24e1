use mainstay::circuit_breaker;

#[circuit_breaker(failure_treshold = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
