//! `#[adaptive_limit]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod support;

mod algorithm;
mod bounds;
mod leaving;
mod name;
mod overload;
mod priority;
mod stack;
mod with;
