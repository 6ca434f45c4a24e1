//! `#[timeout]`: what the limit may be, when it counts, and what becomes of the body.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod blocking;
mod body;
mod from_outside;
mod leaving;
mod limit;
mod map_err;
mod name;
mod nested;
mod panics;
mod ready;
mod retry;
mod support;
mod with;
