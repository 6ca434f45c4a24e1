//! Faults on purpose: calls that are late, fail, panic or never answer, at a rate, and only where somebody outside says so.
//!
//! The twin of `#[chaos]`. See [`Chaos`].

mod call;
mod config;
mod direct;
mod draw;
mod fate;
mod policy;
mod run;
mod strike;
#[cfg(test)]
mod tests;

pub use config::ChaosConfig;
pub use direct::Directing;
pub use fate::{End, Fate, Fault};
pub use run::Chaos;
#[doc(hidden)]
pub use run::is_any_on;
#[doc(hidden)]
pub use strike::{Failure, Strike};
