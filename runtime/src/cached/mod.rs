//! Answers kept for a while.

mod store;

pub use store::{CacheStore, Invalidation, Kept};
