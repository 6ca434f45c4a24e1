//! The crate is known by another name, and not by its own.
#![deny(warnings)]

mod resilience {
    pub use mainstay::*;
}

use resilience::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

fn instead(_: resilience::Error) -> Result<u32, resilience::Error> {
    Ok(0)
}

#[fallback(instead, crate = crate::resilience)]
#[retry(retry_if = |_| true, crate = crate::resilience)]
#[circuit_breaker(crate = crate::resilience)]
#[rate_limit("5/s", crate = crate::resilience)]
#[bulkhead(5, crate = crate::resilience)]
#[timeout("1s", crate = crate::resilience)]
async fn call() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(call().await.is_ok());
}
