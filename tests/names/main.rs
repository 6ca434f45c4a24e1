//! Policies by name, the catalog, and what is heard of them.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod catalog;
mod conflicts;
mod defaults;
mod listeners;
mod lookup;
mod orders;
mod sharing;
mod support;
mod tracing_events;
