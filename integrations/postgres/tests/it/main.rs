//! The store in PostgreSQL, against real servers that are killed and restarted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod away;
mod common;
mod contract;
#[cfg(feature = "tls")]
mod encrypted;
mod health;
mod isolation;
mod migrating;
mod protocol;
mod refused;
mod transaction;
mod trips;
mod waiting;
