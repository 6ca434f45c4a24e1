use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

#[fallback(|error| Err(error))]
#[retry]
#[circuit_breaker]
#[rate_limit("9/s")]
#[bulkhead(5)]
#[timeout("1s")]
async fn call() -> Result<u32, mainstay::Error> {
    Ok("five")
}

fn main() {}
