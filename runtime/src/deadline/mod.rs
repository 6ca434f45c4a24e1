//! How much time is left: the deadline of the call that runs here, whoever set it.
//!
//! `#[timeout]` sets one for everything that runs inside it, and so do a request with a deadline that was received, and
//! [`scope`], [`within`] and [`sync_scope`]. Of several around each other the one that ends first counts. What waits inside
//! follows it: a shorter time limit stays shorter, a longer one ends early; a retry that would begin too late is not begun; a
//! call under a time limit whose deadline has passed is refused before it starts; requests that go out tell the next service
//! what is left.
//!
//! ```
//! use std::time::Duration;
//! use mainstay_runtime::{deadline, timeout::Timeout};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let timeout = Timeout::builder(Duration::from_secs(2)).build("quotes")?;
//! let left = timeout.run(async {
//!     tokio::time::sleep(Duration::from_millis(500)).await;
//!     deadline::remaining()
//! });
//! assert_eq!(left.await?, Some(Duration::from_millis(1500)));
//! assert_eq!(deadline::remaining(), None);
//! # Ok(()) }
//! ```
//!
//! A deadline belongs to what is polled or called inside, and not to a thread: tasks that take turns on a thread, and futures
//! that go from one to another, each see their own. A task that is spawned has none, unless it is
//! [given](crate::context::spawn_within_deadline) one.

mod ambient;
mod ask;
mod checkpoint;
mod end;
#[cfg(test)]
mod model;
mod scope;
#[cfg(test)]
mod tests;
mod until;

pub(crate) use ambient::{Carry, Entered, NEVER, Time, has_soft_ended, soft_end};
#[doc(hidden)]
pub use ask::unenforced;
pub use ask::{check, current, has_passed, remaining};
pub(crate) use ask::{end_of_blocked, exceeded, refused};
pub use checkpoint::checkpoint;
pub use end::IntoDeadline;
pub use scope::{Scope, Within, scope, sync_scope, within, without};
pub(crate) use until::Until;
