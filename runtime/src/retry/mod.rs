//! Trying again: how often, how long to wait in between, and what is worth another try.

mod backoff;
mod config;
mod decide;
#[cfg(test)]
mod model;
mod options;
mod per_call;
mod policy;
mod run;
mod state;
#[cfg(test)]
mod tests;
mod totals;

pub use backoff::{Backoff, Jitter};
pub use config::RetryConfig;
pub use decide::{
    AbortIf, AfterHint, BeforeRetry, ByClass, Decide, Decision, EveryError, NextAttempt, OkIf, RetryIf,
};
#[doc(hidden)]
pub use per_call::PerCall;
pub use run::{Retry, RetryCall};
#[doc(hidden)]
pub use state::Attempts;
