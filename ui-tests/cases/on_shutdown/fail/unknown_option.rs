#[mainstay::on_shutdown("close", order = 3)]
fn close() {}

#[mainstay::on_shutdown(timout = "5s", phase = close)]
fn misspelt() {}

#[mainstay::on_shutdown("", "twice")]
fn names() {}

fn main() {}
