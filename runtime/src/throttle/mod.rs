//! Calls that the server would refuse anyway are refused here, by the share of those that it accepts.
//!
//! The twin of `#[throttle]`. See [`Throttle`].

mod call;
mod config;
mod options;
mod outcome;
mod permit;
mod policy;
mod run;
mod window;

#[cfg(test)]
mod tests;

pub use config::ThrottleConfig;
pub use outcome::Outcome;
pub use permit::Permit;
pub use run::Throttle;
