#[mainstay::on_shutdown(timeout = 5)]
fn without_unit() {}

#[mainstay::on_shutdown(timeout = "0s")]
fn zero() {}

fn limit() -> std::time::Duration {
    std::time::Duration::from_secs(5)
}

#[mainstay::on_shutdown(timeout = limit())]
fn not_constant() {}

fn main() {}
