//! Answers kept for a while.
//!
//! The twin of `#[cached]` and `#[cache_evict]`. See [`Cache`].

mod config;
mod engine;
mod entry;
mod evict;
mod flight;
mod flights;
mod generations;
mod key;
mod keys;
mod lead;
mod load;
mod policy;
mod refusing;
mod run;
mod shared;
mod sharing;
mod store;
mod tier;
mod typed;
mod value;
mod wait;

#[cfg(test)]
mod model;
#[cfg(test)]
mod steered;
#[cfg(test)]
mod tests;

pub use config::CacheConfig;
#[doc(hidden)]
pub use evict::{EvictSite, Eviction};
pub use key::CacheKey;
#[doc(hidden)]
pub use lead::Lead;
#[doc(hidden)]
pub use refusing::{OtherRefusing, RefusingProbe, refusing_by};
pub use run::Cache;
#[doc(hidden)]
pub use sharing::{OtherSharing, Sharing, SharingProbe};
pub use store::{CacheStore, Invalidation, Kept};
#[doc(hidden)]
pub use tier::{Note, Tier};
pub use value::{Absent, CacheError, CacheValue};
#[doc(hidden)]
pub use wait::{Begun, Turn, Waiting};

#[doc(inline)]
pub use crate::__cache_key as cache_key;
