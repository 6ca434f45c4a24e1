//! The metrics server over real sockets, and what Prometheus makes of it.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod bridges;
mod checked;
mod dashboard;
mod requests;
mod scraped;
mod server;
mod summary;
mod support;
