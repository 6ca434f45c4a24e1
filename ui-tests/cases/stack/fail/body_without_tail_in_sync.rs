use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry};

#[fallback(|error| Err(error))]
#[retry]
#[circuit_breaker]
#[rate_limit("9/s")]
#[bulkhead(5)]
fn call(order: u32) -> Result<u32, mainstay::Error> {
    let _ = Ok::<u32, mainstay::Error>(order);
}

fn main() {}
