//! An argument may be called what an attribute, the crate or something in an expansion is called.
#![deny(warnings)]

use mainstay::{circuit_breaker, retry, timeout};
use std::time::Duration;

fn send<T>(_: T) {}

#[retry(clone(check))]
#[mainstay::circuit_breaker]
#[timeout(timeout)]
async fn limited(timeout: Duration, mainstay: u32, check: String) -> Result<u32, mainstay::Error> {
    send(check);
    Ok(mainstay)
}

#[retry]
#[circuit_breaker]
fn consumed(retry: u32, circuit_breaker: u32, check: [u8; 4]) -> Result<u32, mainstay::Error> {
    send(check);
    Ok(retry + circuit_breaker)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(limited(Duration::from_secs(1), 5, String::new()).await, Ok(5));
    assert_eq!(consumed(1, 2, [0; 4]), Ok(3));
}
