use mainstay::health::HealthCheck;

#[derive(HealthCheck)]
struct Deps {
    name: String,
}

fn main() {}
