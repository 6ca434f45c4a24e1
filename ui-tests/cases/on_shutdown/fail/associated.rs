struct Pool;

impl Pool {
    #[mainstay::on_shutdown]
    async fn close_all() {}
}

fn main() {}
