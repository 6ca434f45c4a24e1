//! `#[time_it]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod buckets;
mod leaving;
mod name;

use mainstay::metrics::{TextFormat, registry};

/// The lines of a scrape that begin so.
fn scraped(start: &str) -> Vec<String> {
    let text = registry().encode(TextFormat::Prometheus);
    text.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
}
