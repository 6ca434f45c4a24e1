//! A shop under load, to look at: `cargo run -p mainstay-ops --example shop`, with `-- many` for five hundred sites more.
#![allow(missing_docs, unreachable_pub, reason = "a program has no outside")]

use std::time::Duration;

#[path = "../tests/ops/many.rs"]
mod many;
#[path = "../tests/ops/shop.rs"]
mod shop;

use mainstay_ops::OpsServer;
use mainstay_runtime::health::{Health, checks, from_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    checks().add_as("database", from_fn(|| async { true }));
    checks().add_as("search_index", from_fn(|| async { Health::degraded("412 documents behind") }));
    let serving = OpsServer::new().service("shop").start_in_background()?;
    println!("http://{}/", serving.address());
    if std::env::args().any(|word| word == "many") {
        tokio::spawn(async {
            for input in 0.. {
                many::call(input).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
    tokio::join!(shop::load(220), shop::seasons());
    Ok(())
}
