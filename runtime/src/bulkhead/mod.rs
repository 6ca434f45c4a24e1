//! How many calls may be in flight at once, so that one slow dependency cannot take every thread and connection.
//!
//! The twin of `#[bulkhead]`. See [`Bulkhead`].

mod config;
mod enter;
mod entry;
mod follow;
mod permit;
mod places;
mod policy;
mod run;
mod take;

#[cfg(all(test, mainstay_loom))]
mod loom;
#[cfg(test)]
mod tests;

pub use config::BulkheadConfig;
#[doc(hidden)]
pub use enter::Enter;
#[doc(hidden)]
pub use entry::Entry;
pub use permit::BulkheadPermit;
pub use run::Bulkhead;
