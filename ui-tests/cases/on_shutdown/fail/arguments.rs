struct Pool;

#[mainstay::on_shutdown]
async fn close(pool: &Pool, _count: usize) {
    let _ = pool;
}

impl Pool {
    #[mainstay::on_shutdown(phase = flush)]
    async fn flush(&self) {}
}

fn main() {}
