//! A deadline that goes through three services in one process, each with limits of its own: the second sees what is left, and the
//! third is not even asked when it is too late.
//!
//! ```text
//! cargo run --example deadline
//! ```

use std::{collections::HashMap, time::Duration};

use mainstay::{Error, deadline, propagate, retry, timeout};
use tokio::time::sleep;

type Headers = HashMap<String, String>;

fn left() -> String {
    deadline::remaining().map_or_else(|| "all the time".to_owned(), |left| format!("{} ms", left.as_millis()))
}

/// The first service: whoever asks it waits for a second at most.
#[timeout("page", "1s")]
async fn page(think: Duration) -> Result<String, Error> {
    sleep(think).await;
    println!("  page:  {} left, asks for the order", left());
    let mut headers = Headers::new();
    propagate::inject(&mut headers);
    println!("  sent:  {headers:?}");
    order(headers).await
}

/// The second one, which gets a request with headers.
async fn order(headers: Headers) -> Result<String, Error> {
    propagate::extract(&headers).run(stock()).await
}

/// Its own limit is longer than what is left.
#[timeout("stock", "10s")]
async fn stock() -> Result<String, Error> {
    println!("  stock: {} left", left());
    sleep(Duration::from_millis(300)).await;
    warehouse().await
}

/// The third one is down. Attempts that would begin too late are not made.
#[retry("warehouse", max_attempts = 10, initial_delay = "200ms", jitter = none)]
#[timeout("warehouse", "5s")]
async fn warehouse() -> Result<String, Error> {
    println!("  warehouse is asked, {} left", left());
    Err(Error::timed_out("warehouse", Duration::ZERO))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for think in [0, 500, 800] {
        println!("the page takes {think} ms before it asks:");
        let answer = page(Duration::from_millis(think)).await;
        println!("  {}", answer.unwrap_or_else(|error| error.to_string()));
    }
}
