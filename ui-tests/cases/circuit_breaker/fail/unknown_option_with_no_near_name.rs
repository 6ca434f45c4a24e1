use mainstay::circuit_breaker;

#[circuit_breaker(fuse = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
