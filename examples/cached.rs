//! A slow table behind a cache: one load for all who ask at once, old answers while one loads anew, and eviction on write.
//!
//! ```text
//! cargo run --example cached
//! ```

use std::time::{Duration, Instant};

use mainstay::{Error, cache_evict, cached, policies};
use tokio::task::JoinSet;

#[cached("prices", ttl = "200ms", stale_for = "1s")]
async fn price(article: u64) -> Result<u64, Error> {
    println!("    the table is asked for article {article}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(article * 100)
}

#[cache_evict("prices", key = article)]
async fn reprice(article: u64) -> Result<u64, Error> {
    println!("    article {article} has a new price");
    Ok(article)
}

async fn ask(when: &str, callers: usize) {
    let start = Instant::now();
    let mut calls = JoinSet::new();
    (0..callers).for_each(|_| drop(calls.spawn(price(7))));
    let answers = calls.join_all().await;
    let right = answers.iter().filter(|answer| **answer == Ok(700)).count();
    println!("{when}: {right} of {callers} callers have it after {:.0?}", start.elapsed());
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    ask("nothing is kept", 1000).await;
    ask("it is kept", 1000).await;
    tokio::time::sleep(Duration::from_millis(250)).await;
    ask("it is old", 1000).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    if reprice(7).await.is_ok() {
        ask("it was evicted", 1000).await;
    }
    if let Some(cache) = policies().cache("prices") {
        println!(
            "{} hits, {} misses, {} loads, {} old answers",
            cache.hits(),
            cache.misses(),
            cache.loads(),
            cache.stale_served()
        );
    }
}
