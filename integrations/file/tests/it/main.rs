//! The store in a file, through its public face.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;
mod crash;
mod damage;
mod health;
mod opening;
mod protocol;
mod room;
mod waiting;
