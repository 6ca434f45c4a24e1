//! `#[metered]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod support;

mod answers;
mod buckets;
mod exemplars;
mod labels;
mod leaving;
mod name;
mod slo;
mod stacks;
