//! `#[bulkhead]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod support;

mod leaving;
mod limit;
mod map_err;
mod max_queue;
mod max_wait;
mod name;
mod under_timeout;
mod with;
