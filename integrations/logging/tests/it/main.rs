//! Logging as a program meets it: events in, lines out, in memory, in files, and in processes of their own.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod events;
mod files;
mod levels;
mod loggers;
mod processes;
mod secrets;
mod support;
mod threads;
