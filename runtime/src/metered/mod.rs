//! What a function's calls come to: how many, how they ended, how long they took, how many are running.
//!
//! The twin of `#[metered]`. See [`Metered`].

mod call;
mod collect;
mod config;
mod outcome;
mod policy;
mod run;
mod series;
mod slo;
#[cfg(test)]
mod tests;
mod typed;

pub use call::MeteredCall;
pub use collect::MeteredMetrics;
pub use config::{MeteredConfig, Slo};
pub use outcome::Outcome;
pub use run::Metered;
pub use slo::slo_rules;
