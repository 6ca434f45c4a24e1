//! The one clock of all policies.
//!
//! Policies ask [`now`] and wait through this module and nothing else. In a tokio runtime they follow its clock, so
//! `tokio::time::pause` and `advance` move every policy. A [`ManualClock`] moves them on a thread without a runtime.

mod blocking;
mod coarse;
mod delay;
mod instant;
mod manual;
mod place;
mod pool;
mod source;
mod thread_timer;
mod wait;
mod wheel;

pub(crate) use blocking::block_on;
pub use blocking::sleep_blocking;
pub(crate) use coarse::coarse_now;
pub use delay::{Delay, coarse_sleep, coarse_sleep_until, sleep, sleep_until};
pub(crate) use instant::nanos;
pub use instant::{Instant, now};
pub use manual::{Installed, ManualClock};
pub(crate) use source::IS_PAUSABLE;
