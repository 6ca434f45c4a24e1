//! The end of a program in good order.
//!
//! [`GracefulShutdown`] hears the signals, says at once that the program is not ready, lets it serve on for a while, takes no new
//! work, waits for what is in flight, runs the [`Handler`]s, sends telemetry, and gives the exit code. See it for the order.
//!
//! | for | there is |
//! |---|---|
//! | what is to be closed | [`on_shutdown`], `#[on_shutdown]` |
//! | servers and loops | [`GracefulShutdown::run`], [`draining`], [`GracefulShutdown::until_draining`] |
//! | work to wait for | [`work`], [`spawn`], `mainstay::spawn` |
//! | clients | [`Lifecycle`] |
//! | pages and probes | [`progress`] |

mod aloud;
mod blocking;
mod config;
mod controller;
mod core;
mod entry;
mod environment;
mod error;
mod flush;
mod handler;
mod level;
mod lifecycle;
mod linked;
mod operate;
mod outcome;
mod phase;
mod place;
mod plan;
mod program;
mod progress;
mod reason;
mod registration;
mod run;
mod server;
mod signal;
mod signals;
pub(crate) mod spawned;
mod state;
mod tasks;
#[cfg(test)]
mod tests;
mod watch;
mod work;

pub use config::{Order, ShutdownConfig};
pub use controller::GracefulShutdown;
pub use error::ShutdownError;
pub use flush::{FlushHook, Telemetry};
#[doc(hidden)]
pub use handler::HandlerFuture;
pub use handler::{Handler, HandlerOutput};
pub use lifecycle::Lifecycle;
#[doc(hidden)]
pub use linked::{After, Call, HANDLERS, Linked, LinkedOptions};
pub use outcome::Outcome;
pub use phase::Phase;
pub use place::Place;
pub use program::{draining, is_draining, of_program, on_flush, on_shutdown, progress, spawn, trigger, work};
pub use progress::{HandlerProgress, HandlerState, Progress, Stage, WorkProgress};
pub use reason::Reason;
pub use registration::Registration;
pub use signal::Signal;
pub use tasks::AtDrain;
pub use work::{InFlight, Work};
