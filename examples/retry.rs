//! A call that fails twice and then succeeds, and one that is not worth another try.
//!
//! ```text
//! cargo run --example retry
//! ```

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Instant,
};

use mainstay::{
    Classify,
    observe::{self, Event},
    retry,
};

#[derive(Debug, Classify, thiserror::Error)]
enum PriceError {
    #[transient]
    #[error("the exchange did not answer")]
    NoAnswer,
    #[permanent]
    #[error("there is no `{0}`")]
    Unknown(String),
}

static ASKED: AtomicU32 = AtomicU32::new(0);

#[retry("price", max_attempts = 5, initial_delay = "100ms", jitter = equal)]
async fn price(symbol: &str) -> Result<u32, PriceError> {
    if symbol != "ACME" {
        return Err(PriceError::Unknown(symbol.to_owned()));
    }
    match ASKED.fetch_add(1, Relaxed) {
        0 | 1 => Err(PriceError::NoAnswer),
        _ => Ok(42),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let _listening = observe::listen(|event| {
        if let Event::Retry { policy, attempt, delay, .. } = event {
            println!("  {policy}: attempt {attempt} failed, the next in {delay:.0?}");
        }
    });
    for symbol in ["ACME", "NONE"] {
        let start = Instant::now();
        println!("{symbol}");
        match price(symbol).await {
            Ok(price) => println!("  costs {price}, after {:.0?}", start.elapsed()),
            Err(error) => println!("  {error}: final, after {:.0?}", start.elapsed()),
        }
    }
}
