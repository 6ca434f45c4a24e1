use mainstay::circuit_breaker;

#[circuit_breaker(on_cancel = "failure")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
