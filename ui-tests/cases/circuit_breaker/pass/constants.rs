#![deny(warnings)]

use mainstay::circuit_breaker;
use std::time::Duration;

const CALLS: u32 = 100;
const OPEN_FOR: Duration = Duration::from_secs(5);

const fn half(calls: u32) -> u32 {
    calls / 2
}

#[circuit_breaker(
    "constants",
    failure_rate = 1.0 / 3.0,
    window = 100,
    minimum_calls = half(CALLS),
    timeout = OPEN_FOR,
    max_timeout = OPEN_FOR.saturating_mul(4)
)]
fn call() -> Result<u32, mainstay::Error> {
    Ok(1)
}

fn main() {
    assert!(call().is_ok());
}
