//! `#[idempotent]`, option by option, on sync and async functions, in memory and in a store.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod support;

mod cancelling;
mod draft;
mod errors;
mod fingerprint;
mod guards;
mod in_flight;
mod key;
mod lease;
mod on_duplicate;
mod on_store_error;
mod replay;
mod retry;
mod stacks;
mod store;
mod ttl;
mod with;
