use mainstay::health::{Breaker, HealthCheck};

#[mainstay::health_check(ready, ready)]
fn database() -> bool {
    true
}

#[mainstay::health_check(live)]
#[mainstay::health_check(ready)]
fn search() -> bool {
    true
}

#[derive(HealthCheck)]
#[check(breaker = "payments")]
struct Deps {
    #[check(live)]
    #[check(ready)]
    first: Breaker,
    #[check(name = "payments")]
    second: Breaker,
}

fn main() {}
