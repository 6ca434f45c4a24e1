//! The forms of functions that attributes go on: each keeps meaning what it means without them.
#![allow(
    clippy::style,
    clippy::complexity,
    clippy::perf,
    clippy::never_loop,
    reason = "users write all of it"
)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod arguments;
mod async_trait;
mod bodies;
mod borrows;
mod foreign_attributes;
mod free;
mod futures;
mod generics;
mod hidden_siblings;
mod instrumented;
mod methods;
mod names;
mod returns;
mod send;
mod support;
mod traits;
mod unusual;
