use mainstay::{circuit_breaker, fallback, timeout};

#[circuit_breaker]
#[timeout("1s")]
#[fallback(|_| Ok(()))]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
