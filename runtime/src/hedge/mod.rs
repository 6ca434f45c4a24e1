//! A second attempt beside one that takes long; the first success is the answer.
//!
//! The twin of `#[hedge]`. See [`Hedge`].

mod after;
mod config;
mod course;
mod hedged;
mod latencies;
mod policy;
mod run;
#[cfg(test)]
mod tests;
mod totals;

pub use after::After;
pub use config::HedgeConfig;
#[doc(hidden)]
pub use hedged::{Hedged, Outcome};
pub use run::{Hedge, HedgeCall};
