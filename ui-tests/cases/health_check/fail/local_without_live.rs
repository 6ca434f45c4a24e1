use mainstay::health::{Breaker, HealthCheck};

#[mainstay::health_check(local)]
async fn database() -> bool {
    true
}

#[derive(HealthCheck)]
struct Deps {
    #[check(live, local)]
    breaker: Breaker,
}

fn main() {}
