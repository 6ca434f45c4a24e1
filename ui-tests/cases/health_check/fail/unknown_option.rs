use mainstay::health::{Breaker, HealthCheck};

#[mainstay::health_check(timout = "1s")]
fn database() -> bool {
    true
}

#[mainstay::health_check(with = database)]
fn search() -> bool {
    true
}

#[derive(HealthCheck)]
#[check(breker = "payments")]
struct Deps {
    #[check(on_fial = degraded)]
    breaker: Breaker,
}

fn main() {}
