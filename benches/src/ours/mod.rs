//! Mainstay, by its attributes, as users write them.

pub mod adaptive;
pub mod breaker;
pub mod bulkhead;
pub mod cached;
pub mod hedge;
pub mod idempotent;
pub mod logging;
pub mod metrics;
pub mod overrides;
pub mod rate_limit;
pub mod retry;
pub mod stack;
pub mod timeout;
pub mod trace;

/// How the tables call our rows.
pub const WHO: &str = "mainstay";
