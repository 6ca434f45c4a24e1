//! Scopes for tests: time that costs nothing, faults and states by name, and what happened.
//!
//! ```
//! use mainstay_runtime::{Error, bulkhead::Bulkhead, retry::Retry};
//! use mainstay_testkit::testing;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), mainstay_runtime::ConfigError> {
//! let scope = testing::scope();
//! let retry = Retry::builder().max_attempts(3).register("docs.payments")?;
//!
//! let failed: Result<(), &str> = retry.call_async(|| async { Err("down") }).await; // seconds of waiting, at once
//! assert!(failed.is_err());
//! scope.assert("docs.payments").retries(2).exhausted(1);
//! # Ok(()) }
//! ```
//!
//! See [`Scope`].

mod assert;
mod carried;
mod current;
mod faults;
mod forced;
mod names;
mod run;
mod scope;
mod seen;
mod story;
#[cfg(test)]
mod tests;
mod time;

pub use assert::{Assert, Counts};
pub use carried::Carried;
pub use faults::Faults;
pub use run::run;
pub use scope::{Scope, scope, scope_of};
pub use story::{Happened, Story};
pub use time::Time;
