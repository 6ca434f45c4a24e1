use std::rc::Rc;

#[mainstay::on_shutdown]
async fn close() {
    let kept = Rc::new(5);
    std::future::ready(()).await;
    drop(kept);
}

fn main() {}
