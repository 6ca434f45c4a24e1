//! Ten calls at once for two places and a queue of three.
//!
//! ```text
//! cargo run --example bulkhead
//! ```

use std::time::{Duration, Instant};

use mainstay::{Error, bulkhead, policies};
use tokio::task::JoinSet;

#[bulkhead("render", 2, max_queue = 3, max_wait = "150ms")]
async fn render(page: u32) -> Result<u32, Error> {
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(page)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for page in 1..=10 {
        calls.spawn(async move { (page, render(page).await) });
    }
    tokio::task::yield_now().await;
    if let Some(bulkhead) = policies().bulkhead("render") {
        println!("{} in flight, {} waiting", bulkhead.in_flight(), bulkhead.waiting());
    }
    while let Some(Ok((page, answer))) = calls.join_next().await {
        let time = start.elapsed();
        match answer {
            Ok(_) => println!("page {page:2} rendered after {time:.0?}"),
            Err(error) => println!("page {page:2} refused after {time:.0?}: {error}"),
        }
    }
    if let Some(bulkhead) = policies().bulkhead("render") {
        println!("{} admitted, {} refused", bulkhead.admitted_count(), bulkhead.rejected_count());
    }
}
