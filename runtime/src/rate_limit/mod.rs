//! Rate limits: so many tokens per period, per limiter or per key.
//!
//! [`RateLimiter`] is one limit, [`KeyedRateLimiter`] one limit per key, [`RateLimiterRegistry`] a limiter per key that
//! can be taken out, changed and put back, [`SharedRateLimiter`] one limit per key for all processes together, in a
//! [`RateLimitStore`]. All are made from a [`RateLimitConfig`].

mod amount;
mod bucket;
mod buckets;
mod cells;
mod config;
mod engine;
mod enter;
mod follow;
mod gate;
mod hash;
mod keyed;
mod keys;
mod later;
mod limiter;
mod meter;
mod on_store_error;
mod options;
mod policy;
mod queue;
mod rate;
mod refusal;
mod registry;
mod rule;
mod shared;
mod slot;
mod store;
mod sweep;
mod table;
mod window;
mod windows;

#[cfg(all(test, mainstay_loom))]
mod loom;
#[cfg(test)]
mod tests;

pub use amount::Tokens;
pub use config::{Algorithm, RateLimitConfig};
pub use keyed::KeyedRateLimiter;
#[doc(hidden)]
pub use later::{Asked, Later};
pub use limiter::RateLimiter;
pub use on_store_error::OnStoreError;
pub use rate::Rate;
pub use registry::RateLimiterRegistry;
pub use shared::{SharedLimit, SharedRateLimiter};
pub use store::{RateLimitStore, Take, Taken};
