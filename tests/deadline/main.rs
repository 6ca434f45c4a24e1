//! What runs in a call sees how much time is left, and follows it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod blocked;
mod breaker;
mod builders;
mod cached;
mod checks;
mod depth;
mod idempotent;
mod queue;
mod retry;
mod stack;
mod support;
mod thread;
