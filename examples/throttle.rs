//! A server that accepts a hundred calls a second, and a client that makes a thousand.
//!
//! ```text
//! cargo run --example throttle
//! ```

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{Class, Classify, Error, policies, throttle};
use tokio::time::{interval, sleep};

/// What the server still accepts in this tenth of a second, and how many calls have reached it.
static LEFT: AtomicU32 = AtomicU32::new(0);
static REACHED: AtomicU32 = AtomicU32::new(0);

#[derive(Debug)]
enum QuoteError {
    Busy,
    Policy(Error),
}

impl From<Error> for QuoteError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl Classify for QuoteError {
    fn classify(&self) -> Class {
        match self {
            Self::Busy => Class::Throttled { retry_after: None },
            Self::Policy(error) => error.classify(),
        }
    }
}

#[throttle("quotes", window = "5s")]
async fn quote() -> Result<u32, QuoteError> {
    REACHED.fetch_add(1, Ordering::Relaxed);
    let taken = LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    taken.map_err(|_| QuoteError::Busy)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(async {
        let mut tenth = interval(Duration::from_millis(100));
        loop {
            tenth.tick().await;
            LEFT.store(10, Ordering::Relaxed);
        }
    });
    let mut last = None;
    for second in 1..=6 {
        let before = REACHED.load(Ordering::Relaxed);
        for _ in 0..100 {
            for _ in 0..10 {
                last = quote().await.err().or(last);
            }
            sleep(Duration::from_millis(10)).await;
        }
        let reached = REACHED.load(Ordering::Relaxed) - before;
        let rate = policies().throttle("quotes").map_or(0.0, mainstay::throttle::Throttle::rejection_rate);
        println!(
            "second {second}: {reached} calls reached the server; {:.0} % are refused now",
            100.0 * rate
        );
    }
    match last {
        Some(QuoteError::Policy(error)) => println!("a refusal says: {error}"),
        Some(QuoteError::Busy) => println!("the last error was the server's"),
        None => println!("no call failed"),
    }
}
