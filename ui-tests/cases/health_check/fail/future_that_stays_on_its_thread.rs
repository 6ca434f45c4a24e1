use std::rc::Rc;

#[mainstay::health_check]
async fn database() -> bool {
    let pool = Rc::new(true);
    std::future::ready(()).await;
    *pool
}

fn main() {}
