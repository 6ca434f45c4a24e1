//! Time limits: a call that takes longer is dropped and answered with an error.

mod blocking;
mod config;
mod deadline;
mod end;
mod limit;
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
#[doc(hidden)]
pub use end::End;
#[doc(hidden)]
pub use limit::Limit;
pub use run::Timeout;
#[doc(hidden)]
pub use timed::{Timed, limited, own_timeout, timed};
