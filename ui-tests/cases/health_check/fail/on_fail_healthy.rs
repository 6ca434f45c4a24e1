#[mainstay::health_check(on_fail = healthy)]
fn database() -> bool {
    true
}

fn main() {}
