//! The server for operations over real sockets.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod bounds;
mod events;
mod fuzz;
mod health;
mod orders;
mod overrides;
mod policies;
mod support;
