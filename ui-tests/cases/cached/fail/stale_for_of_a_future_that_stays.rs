use std::rc::Rc;

use mainstay::cached;

#[cached(ttl = "60s", stale_for = "10s")]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    let here = Rc::new(id);
    tokio::task::yield_now().await;
    Ok(*here)
}

fn main() {}
