//! Spans against collectors built from the protocol's own crate, over real sockets, by both transports.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what they help is tests")]

mod arriving;
mod away;
mod child;
mod collector;
mod ending;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod trying_again;
