use mainstay::health::{Health, HealthCheck};

struct PostgresStore;

impl HealthCheck for PostgresStore {
    async fn check(&self) -> Health {
        Health::healthy()
    }
}

#[derive(HealthCheck)]
struct Deps {
    #[check(live)]
    pool: PostgresStore,
}

#[derive(HealthCheck)]
struct Outer {
    #[check(live)]
    deps: std::sync::Arc<Deps>,
}

fn main() {}
