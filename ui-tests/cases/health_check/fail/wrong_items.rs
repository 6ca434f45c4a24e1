use mainstay::health::HealthCheck;

#[mainstay::health_check]
struct Deps;

trait Open {
    fn is_open(&self) -> bool;
}

#[mainstay::health_check]
impl Open for Deps {
    fn is_open(&self) -> bool {
        true
    }
}

#[derive(HealthCheck)]
enum State {
    Open,
}

#[derive(HealthCheck)]
struct Borrowed<'a> {
    name: &'a str,
}

#[mainstay::health_check]
static LIMIT: u8 = 5;

fn main() {}
