use mainstay::{Error, chaos, circuit_breaker, retry};

#[chaos(error_rate = 0.1)]
#[retry]
fn call() -> Result<(), Error> {
    Ok(())
}

#[chaos(error_rate = 0.1)]
#[circuit_breaker]
async fn call_async() -> Result<(), Error> {
    Ok(())
}

fn main() {}
