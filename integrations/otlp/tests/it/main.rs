//! Spans against collectors built from the protocol's own crate, over real sockets, by both transports.

mod arriving;
mod away;
mod child;
mod collector;
mod ending;
mod support;
mod trying_again;
