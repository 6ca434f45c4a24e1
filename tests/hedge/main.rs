//! `#[hedge]`: what it does, option by option.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod after;
mod arguments;
mod attempts;
mod from_outside;
mod stack;
mod support;
mod tail;
