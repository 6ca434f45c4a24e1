//! A server that ends without losing a request.

mod accept;
mod answer;
mod connection;
mod traffic;

pub use accept::serve;
