use mainstay::health::{Breaker, HealthCheck};

#[mainstay::health_check("")]
fn database() -> bool {
    true
}

#[derive(HealthCheck)]
struct Deps(Breaker, #[check(name = 5)] Breaker);

fn main() {}
