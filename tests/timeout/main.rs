//! `#[timeout]`: what the limit may be, when it counts, and what becomes of the body.
#![allow(missing_docs)]

mod blocking;
mod body;
mod limit;
mod map_err;
mod name;
mod nested;
mod panics;
mod ready;
mod retry;
mod support;
