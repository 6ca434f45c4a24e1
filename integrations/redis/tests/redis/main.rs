//! The store against real servers, started from Debian's packages.

mod at_hand;
mod away;
mod cache;
mod concurrency;
mod crash;
mod guarded;
mod idempotency;
mod limits;
mod manager;
mod round_trips;
mod told;
