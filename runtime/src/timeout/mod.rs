//! Time limits: a call that takes longer is dropped and answered with an error.

mod blocking;
mod config;
mod deadline;
#[cfg(test)]
mod model;
mod run;
#[cfg(test)]
mod tests;
mod timed;

#[doc(hidden)]
pub use blocking::on_thread;
pub use config::TimeoutConfig;
#[doc(hidden)]
pub use deadline::Deadline;
pub use run::Timeout;
#[doc(hidden)]
pub use timed::{Limit, Timed, limited, own_timeout, timed};
