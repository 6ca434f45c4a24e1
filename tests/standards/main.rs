//! The rules of the standards people know, restated: `docs/standards.md` lists them all and names the test of each.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[macro_use]
mod support;

mod combinations;
mod governor;
mod hierarchy;
mod microprofile_breaker;
mod microprofile_bulkhead;
mod microprofile_bulkhead_retry;
mod microprofile_fallback;
mod microprofile_metrics;
mod microprofile_retry;
mod microprofile_timeout;
mod page;
mod smallrye;
mod smallrye_limits;
