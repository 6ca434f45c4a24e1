//! The peers, a file each, in the fastest sound form that their own documentation shows.
//!
//! What a peer answers is turned into the error that all rows share, as a caller would.

pub mod autometrics;
pub mod backon;
pub mod by_hand;
pub mod cached;
pub mod execution_policy;
pub mod failsafe;
pub mod fastrace;
pub mod governor;
pub mod leaky_bucket;
pub mod logging;
pub mod map;
pub mod metrics;
pub mod moka;
pub mod opentelemetry;
pub mod prometheus;
pub mod prometheus_client;
pub mod quick_cache;
pub mod ratelimit;
pub mod recloser;
pub mod seatbelt;
pub mod tokio;
pub mod tokio_retry;
pub mod tower;
pub mod tower_acc;
pub mod tower_resilience;
pub mod tracing;
