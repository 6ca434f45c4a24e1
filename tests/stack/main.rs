//! Several attributes on one function: their order, what they tell each other, and what a dropped call leaves behind.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod alone;
mod cancelled;
mod classes;
mod contended;
mod crowd;
mod ends;
mod error_objects;
mod nested;
mod order;
mod panics;
mod shutdown;
mod support;
mod waits;
