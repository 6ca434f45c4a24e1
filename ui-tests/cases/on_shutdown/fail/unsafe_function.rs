#[mainstay::on_shutdown]
unsafe fn close() {}

fn main() {}
