//! The layers around services that a test can hold back, let fail and count.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod bulkhead;
mod cancel;
mod circuit_breaker;
mod hedge;
mod http;
mod names;
mod rate_limit;
mod retry;
mod simple;
mod stacks;
mod support;
