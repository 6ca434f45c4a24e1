//! What tests of annotated functions, and of Mainstay itself, stand on.
//!
//! | for | there is |
//! |---|---|
//! | time that stands still outside a tokio runtime | [`ManualClock`] |
//! | a dependency that fails, hangs, slows and recovers as told | [`Script`] |
//! | how many were inside at once, and who left how | [`Probe`] |
//! | what the policies reported | [`Recorder`] |
//! | which spans were recorded | [`Spans`] |
//! | waits that take no time, faults and states by name, what happened | `testing`, with the feature of that name |
//! | a future that is polled by hand | [`Stepper`], [`poll_once`] |
//! | a call dropped wherever it can be dropped | [`drop_at_every_await`] |
//! | a second tier of caches that fails as told | [`MemoryCacheStore`] |
//! | a real Redis or PostgreSQL that is killed and restarted | [`servers`] |
//! | whether a store keeps its promises | [`contract`] |
//! | an overloaded server in virtual time | [`simulation`] |
//!
//! Nothing here sleeps for real under `#[tokio::test(start_paused = true)]` or a [`ManualClock`]. It is made for tests: a
//! script that runs out panics with a message that says so.

mod cache_store;
mod cancel;
pub mod contract;
mod probe;
mod recorder;
mod script;
#[cfg(unix)]
pub mod servers;
pub mod simulation;
mod spans;
mod step;
mod stepper;
mod steps;
#[cfg(feature = "testing")]
pub mod testing;

pub use cache_store::MemoryCacheStore;
pub use cancel::drop_at_every_await;
pub use mainstay_runtime::clock::ManualClock;
pub use probe::{Inside, Probe};
pub use recorder::Recorder;
pub use script::Script;
pub use spans::Spans;
pub use step::Step;
pub use stepper::{Stepper, poll_once};
pub use steps::Steps;
