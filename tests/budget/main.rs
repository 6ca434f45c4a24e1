//! Budgets of further calls, as functions share them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod attribute;
mod from_outside;
mod storm;
