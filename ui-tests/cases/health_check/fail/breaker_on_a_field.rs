use mainstay::health::{Breaker, HealthCheck};

#[derive(HealthCheck)]
#[check(ready)]
#[check(breaker = 5)]
struct Deps {
    #[check(breaker = "payments")]
    first: Breaker,
}

fn main() {}
