//! What a call costs in memory: nothing on the heap, and a future of known size.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod alone;
mod cached;
mod refused;
mod replayed;
mod sizes;
mod spans;
mod stacked;
mod support;
mod waiting;
