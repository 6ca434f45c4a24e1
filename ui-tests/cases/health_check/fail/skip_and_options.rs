use mainstay::health::{Breaker, HealthCheck};

#[derive(HealthCheck)]
struct Deps {
    #[check(skip, timeout = "1s")]
    first: Breaker,
    second: Breaker,
}

fn main() {}
