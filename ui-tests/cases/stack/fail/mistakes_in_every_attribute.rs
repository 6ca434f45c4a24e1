use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

#[fallback(5)]
#[retry(max_attempts = 0)]
#[circuit_breaker(failure_rate = 50, window = 10)]
#[rate_limit("100")]
#[bulkhead(0)]
#[timeout(2)]
async fn call(order: u32) -> u32 {
    order
}

fn main() {}
