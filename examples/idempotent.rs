//! A client that hears nothing asks again, and pays once.
//!
//! ```text
//! cargo run --example idempotent
//! ```

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mainstay::{Error, idempotent, policies, retry, timeout};
use tokio::task::JoinSet;

/// How often the bank was asked.
static ASKED: AtomicU32 = AtomicU32::new(0);

#[idempotent("transfers", key = id, fingerprint(cents, to))]
#[retry(max_attempts = 3, initial_delay = "10ms")]
#[timeout("1s")]
async fn transfer(id: &str, cents: u64, to: &str) -> Result<String, Error> {
    let asked = ASKED.fetch_add(1, Ordering::Relaxed) + 1;
    tokio::time::sleep(Duration::from_millis(50)).await;
    match asked {
        1 => Err(Error::timed_out("the bank", Duration::from_millis(50))),
        _ => Ok(format!("{cents} cents to {to}, receipt {asked}")),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Five at once, as impatient fingers do it: one of them runs, and tries twice.
    let mut taps = JoinSet::new();
    for tap in 1..=5 {
        taps.spawn(async move { (tap, transfer("t-1", 500, "bob").await) });
    }
    while let Some(Ok((tap, answer))) = taps.join_next().await {
        println!("tap {tap}: {}", said(answer));
    }
    println!("an hour later: {}", said(transfer("t-1", 500, "bob").await));
    println!("the same key for another payment: {}", said(transfer("t-1", 90_000, "eve").await));
    println!("another key: {}", said(transfer("t-2", 500, "bob").await));
    if let Some(transfers) = policies().idempotency("transfers") {
        println!(
            "{} calls ran, {} were answered again; the bank was asked {} times",
            transfers.run_count(),
            transfers.replayed_count(),
            ASKED.load(Ordering::Relaxed)
        );
    }
}

fn said(answer: Result<String, Error>) -> String {
    answer.unwrap_or_else(|error| format!("refused: {error}"))
}
