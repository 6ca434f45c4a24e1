//! `#[chaos]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod after;
mod drop_rate;
mod error;
mod error_rate;
mod forms;
mod latency;
mod listing;
mod map_err;
mod panic_rate;
mod seed;
mod stack;
mod support;
mod with;
