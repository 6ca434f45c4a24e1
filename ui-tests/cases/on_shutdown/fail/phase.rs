#[mainstay::on_shutdown(phase = "flush")]
fn quoted() {}

#[mainstay::on_shutdown(phase = late)]
fn unknown() {}

fn main() {}
