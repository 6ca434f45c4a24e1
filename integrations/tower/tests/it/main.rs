//! The layers around services that a test can hold back, let fail and count.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod adaptive_limit;
mod bulkhead;
mod cancel;
mod cancel_more;
mod chaos;
mod circuit_breaker;
mod deadline;
mod hedge;
mod http;
mod keyed;
mod names;
mod rate_limit;
mod retry;
mod simple;
mod stacks;
mod support;
mod throttle;
