//! Several attributes on one function: their order, what they tell each other, and what a dropped call leaves behind.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod cancelled;
mod classes;
mod crowd;
mod error_objects;
mod nested;
mod order;
mod panics;
mod support;
mod waits;
