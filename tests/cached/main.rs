//! `#[cached]`: one file per option.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod cache_err;
mod flight;
mod jitter;
mod key;
mod map_err;
mod max_entries;
mod name;
mod negative_ttl;
mod place;
mod stale_for;
mod stale_if_error;
mod stampede;
mod store;
mod support;
mod threads;
mod ttl;
mod with;
