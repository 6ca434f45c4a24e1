//! How many calls may be in flight at once, found out by measuring how long they take.
//!
//! The twin of `#[adaptive_limit]`. See [`AdaptiveLimit`].

mod aimd;
mod call;
mod config;
mod controller;
mod gauge;
mod gradient;
mod options;
mod outcome;
mod permit;
mod policy;
mod priority;
mod run;
mod window;

#[cfg(all(test, mainstay_loom))]
mod loom;
#[cfg(test)]
mod tests;

pub use config::{AdaptiveLimitConfig, Algorithm};
pub use outcome::Outcome;
pub use permit::Permit;
pub use priority::Priority;
pub use run::AdaptiveLimit;
