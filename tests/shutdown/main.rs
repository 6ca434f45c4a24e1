//! The shutdown of programs: processes that get real signals, and what they exit with.
//!
//! A test starts this very binary again as the program, which runs one of [`programs`] instead of the tests.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod annotated;
#[cfg(unix)]
mod child;
mod lines;
mod programs;
#[cfg(unix)]
mod readiness;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod spawned;
#[cfg(unix)]
mod stuck;
#[cfg(unix)]
mod unheard;
