//! What a new backend must pass: one suite per store trait, run against all of them.
//!
//! Every rule is checked under keys of its own, so that a suite can be run against a server that holds other things. A rule
//! that is broken panics with the rule's sentence.

#![allow(clippy::panic, reason = "a rule that is broken ends the test that asked")]

mod cache;
mod idempotency;
mod rate_limit;
mod rules;
#[cfg(test)]
mod tests;
mod together;

pub use cache::cache;
pub use idempotency::{IdempotencyStoreContract, Passing};
pub use rate_limit::RateLimitStoreContract;
pub use together::together;
