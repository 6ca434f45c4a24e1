use mainstay::health::HealthCheck;

fn is_open(_: &u8) -> bool {
    true
}

#[derive(HealthCheck)]
struct Deps {
    #[check(live, with = is_open)]
    port: u8,
}

fn main() {}
