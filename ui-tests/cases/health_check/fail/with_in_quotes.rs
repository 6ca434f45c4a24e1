use mainstay::health::HealthCheck;

struct Pool;

fn ok(_: &Pool) -> bool {
    true
}

#[derive(HealthCheck)]
struct Service {
    #[check(with = "ok")]
    pool: Pool,
}

fn main() {
    let _ = ok;
}
