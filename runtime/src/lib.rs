//! The runtime of Mainstay: policies, their state machines, clock, registry and errors.
//!
//! Depend on the `mainstay` crate; it re-exports everything here beside the attributes. Every policy follows one
//! rhythm: `config` (const-constructible, checked), `state` (pure: takes `now` as an argument), `run` (the driver).

pub mod adaptive_limit;
pub mod budget;
pub mod bulkhead;
pub mod cached;
pub mod catalog;
pub mod chaos;
pub mod circuit_breaker;
pub mod classify;
pub mod clock;
pub mod context;
pub mod deadline;
mod error;
pub mod fallback;
mod fallible;
pub mod health;
pub mod hedge;
#[cfg(test)]
mod histories;
pub mod idempotent;
mod let_go;
pub mod metered;
pub mod metrics;
mod name;
pub mod observe;
pub mod overrides;
mod permit;
pub mod propagate;
mod rare_wait;
pub mod rate_limit;
pub mod registry;
pub mod retry;
pub mod shutdown;
pub mod store;
mod sync;
pub mod throttle;
pub mod timeout;
pub mod trace;

#[doc(hidden)]
pub mod date;
#[doc(hidden)]
pub mod glue;

pub use error::{ConfigError, Error, KeyedCall, Kind, Stored};
pub use fallible::{Fallible, FromRefusal};
pub use name::Name;
