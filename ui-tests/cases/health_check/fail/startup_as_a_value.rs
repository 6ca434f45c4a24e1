#[mainstay::health_check(startup = true, ready(now))]
fn database() -> bool {
    true
}

fn main() {}
