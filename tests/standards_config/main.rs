//! The rules of MicroProfile about values from outside. In a binary of its own: what is said of all policies of a kind is
//! said of all in the process.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[macro_use]
#[path = "../standards/support.rs"]
#[allow(dead_code, unused_macros, reason = "shared with the other standards")]
mod support;

#[path = "../standards/microprofile_config.rs"]
mod microprofile_config;
#[path = "../standards/microprofile_switches.rs"]
mod microprofile_switches;

mod pages;
mod subjects;
