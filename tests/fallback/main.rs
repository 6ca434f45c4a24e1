//! `#[fallback]`: what may answer, for which errors, and when.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod closure;
mod composed;
mod deadline;
mod errors;
mod handlers;
mod on;
mod path;
mod refusals;
mod support;
