//! What policies report: each event goes to the log and, where there are any, to the listeners.
//!
//! Nothing is reported under a lock, and a call on which nothing happens reports nothing.

mod counter;
mod event;
mod listener;
mod seat;

pub use counter::Counter;
pub use event::Event;
pub use listener::{Subscription, listen};
pub(crate) use listener::{report, report_refusal};
