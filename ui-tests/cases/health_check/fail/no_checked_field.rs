use mainstay::health::HealthCheck;

#[derive(HealthCheck)]
struct Empty;

#[derive(HealthCheck)]
struct Skipped {
    #[check(skip)]
    name: String,
}

struct Orders;

#[mainstay::health_check]
impl Orders {
    fn is_open(&self) -> bool {
        true
    }
}

fn main() {}
