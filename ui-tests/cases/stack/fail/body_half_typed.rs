use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

#[fallback(|error| Err(error))]
#[retry]
#[circuit_breaker]
#[rate_limit("9/s")]
#[bulkhead(5)]
#[timeout("1s")]
async fn call(order: String) -> Result<usize, mainstay::Error> {
    let length = order.
}

async fn caller() -> Result<usize, mainstay::Error> {
    call("five".to_owned()).await
}

fn main() {}
