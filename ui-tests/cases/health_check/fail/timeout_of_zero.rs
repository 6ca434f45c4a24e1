use std::time::Duration;

use mainstay::health::{Breaker, HealthCheck};

const NO_TIME: Duration = Duration::ZERO;

#[mainstay::health_check(timeout = "0s")]
fn database() -> bool {
    true
}

#[mainstay::health_check(timeout = 5)]
fn search() -> bool {
    true
}

#[mainstay::health_check(timeout = NO_TIME)]
fn mail() -> bool {
    true
}

#[derive(HealthCheck)]
struct Deps {
    #[check(timeout = "0ms", cache = "a while")]
    breaker: Breaker,
}

fn main() {}
