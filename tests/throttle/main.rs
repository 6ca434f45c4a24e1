//! `#[throttle]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod support;

mod counts;
mod leaving;
mod name;
mod rate;
mod stack;
mod with;
