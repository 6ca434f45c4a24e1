//! `#[rate_limit]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[macro_use]
mod support;

mod algorithm;
mod burst;
mod initial;
mod key;
mod map_err;
mod max_keys;
mod max_wait;
mod name;
mod rate;
mod retry_after;
mod store;
mod store_failures;
mod stores;
mod tokens;
mod with;
