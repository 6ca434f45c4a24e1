//! Circuit breakers: calls to a dependency that keeps failing are refused at once, until a few probes get through.
//!
//! A [`CircuitBreaker`] stands for one dependency, a [`KeyedCircuitBreaker`] for many of a kind, such as one per
//! host. Both are configured by [`CircuitBreakerConfig`], which has the options of `#[circuit_breaker]`.
//!
//! | state | what a call meets |
//! |---|---|
//! | closed | it runs, and its outcome counts |
//! | open | it is refused with the time left |
//! | half-open | a few run as probes, the rest are refused |
//! | disabled | it runs, and nothing counts |
//! | forced open | it is refused until somebody says otherwise |
//! | observe-only | it runs, everything counts, and the state that would be is reported |

mod call;
mod check;
mod config;
mod control;
mod counts;
mod follow;
mod journal;
mod keyed;
#[cfg(all(test, mainstay_loom))]
mod loom;
mod options;
mod owned;
mod permit;
mod policy;
mod run;
mod settle;
mod state;
mod totals;
mod verdict;
mod window;
mod word;

#[cfg(test)]
mod tests;

pub use config::{CircuitBreakerConfig, OnCancel, Window};
pub use counts::Counts;
pub use journal::Change;
pub use keyed::KeyedCircuitBreaker;
pub use owned::OwnedPermit;
pub use permit::Permit;
pub use run::CircuitBreaker;
pub use verdict::Verdict;
pub use word::State;
