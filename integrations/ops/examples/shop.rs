//! A shop under load, to look at: `cargo run -p mainstay-ops --example shop`.
#![allow(missing_docs, unreachable_pub, reason = "a program has no outside")]

#[path = "../tests/ops/shop.rs"]
mod shop;

use mainstay_ops::OpsServer;
use mainstay_runtime::health::{Health, checks, from_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    checks().add_as("database", from_fn(|| async { true }));
    checks().add_as("search_index", from_fn(|| async { Health::degraded("412 documents behind") }));
    let serving = OpsServer::new().service("shop").start_in_background()?;
    println!("{}", serving.url());
    tokio::join!(shop::load(220), shop::seasons());
    Ok(())
}
