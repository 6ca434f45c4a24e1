//! How many calls may be made beyond the first ones, by all who share the budget: what stops a retry storm.
//!
//! See [`Budget`].

mod config;
mod joined;
#[cfg(all(test, mainstay_loom))]
mod loom;
#[cfg(test)]
mod model;
mod policy;
mod run;
#[cfg(test)]
mod tests;
mod window;

pub use config::BudgetConfig;
pub(crate) use joined::Joined;
pub use run::Budget;
