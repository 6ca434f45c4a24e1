//! `#[cache_evict]`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

#[path = "../cached/support.rs"]
#[allow(dead_code)]
mod support;

mod all;
mod before;
mod key;
mod name;
mod store;
mod with;
