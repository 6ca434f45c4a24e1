#[mainstay::on_shutdown]
struct Pool;

trait Close {
    #[mainstay::on_shutdown]
    fn close();
}

fn main() {}
