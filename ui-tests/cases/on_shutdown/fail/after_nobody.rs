#[mainstay::on_shutdown(after = flush_order)]
async fn close() {}

#[mainstay::on_shutdown(phase = flush)]
async fn flush_orders() {}

fn main() {}
