//! A limit per customer that refuses, and one for all that lets calls wait their turn.
//!
//! ```text
//! cargo run --example rate_limit
//! ```

use std::time::Instant;

use mainstay::{Error, rate_limit};

#[rate_limit("orders", "5/s", burst = 3, key = customer)]
fn order(customer: &str, item: u32) -> Result<u32, Error> {
    Ok(item)
}

#[rate_limit("mail", "20/s", burst = 1, tokens = recipients.len().div_ceil(10), max_wait = "1s")]
async fn mail(recipients: &[u32]) -> Result<(), Error> {
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for item in 1..=4 {
        match order("ann", item) {
            Ok(item) => println!("ann orders item {item}"),
            Err(Error::RateLimited { retry_after, .. }) => println!("ann is told to wait {retry_after:.0?}"),
            Err(error) => println!("{error}"),
        }
    }
    println!("bob has tokens of his own: {:?}", order("bob", 1));

    let start = Instant::now();
    for number in 1..=5 {
        match mail(&[1, 2, 3]).await {
            Ok(()) => println!("mail {number} left after {:.0?}", start.elapsed()),
            Err(error) => println!("{error}"),
        }
    }
    if let Err(error) = mail(&[0; 100]).await {
        println!("{error}");
    }
}
