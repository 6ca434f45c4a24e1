//! `#[trace_span]`, option by option, on sync and async functions, and the spans made by hand.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod headers;
mod support;

mod attrs;
mod err;
mod export;
mod forms;
mod kind;
mod leaving;
mod level;
mod manual;
mod name;
mod nesting;
mod parent;
mod policies;
mod ret;
mod sampling;
