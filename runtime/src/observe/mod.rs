//! What policies report: each event goes to the log and, where there are any, to the listeners.
//!
//! The log is `tracing`'s: at `warn` a breaker that opens and a retry that gives up, at `debug` the rest. Refusals reach it
//! only where a subscriber is there. Nothing is reported under a lock, and a call on which nothing happens reports nothing.

mod counter;
mod counts;
mod event;
mod listener;
#[cfg(all(test, mainstay_loom))]
mod loom;
pub(crate) mod seat;

pub use counter::Counter;
pub(crate) use counts::Counts;
pub use event::Event;
pub use listener::{Subscription, listen};
pub(crate) use listener::{report, report_if_heard, report_refusal};
