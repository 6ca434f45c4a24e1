//! The store against real servers, started from Debian's packages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what they help is tests")]

mod at_hand;
mod away;
mod cache;
mod cached_attribute;
mod concurrency;
mod crash;
mod guarded;
mod health;
mod idempotency;
mod limits;
mod manager;
mod rate_limit_attribute;
mod round_trips;
#[cfg(feature = "tls")]
mod tls;
mod told;
