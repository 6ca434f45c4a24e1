//! `#[retry]`: what each option does, async and sync, on a clock that stands still.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod abort_on;
mod backoff;
mod before_retry;
mod classes;
mod clone;
mod deadline;
mod exponential_base;
mod initial_delay;
mod jitter;
mod leaving;
mod map_err;
mod max_attempts;
mod max_delay;
mod max_elapsed;
mod name;
mod reports;
mod retry_after;
mod retry_if;
mod retry_ok_if;
mod retry_on;
mod support;
mod with;
