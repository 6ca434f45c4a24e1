//! A server under load, in virtual time: what a policy in front of it does to its goodput.
//!
//! The model is a queue with several servers (M/M/c): calls come at random at a rate, wait in line for a free server, and take a
//! random time. Who has waited for too long gives up, while the server, which does not know, does the work all the same. Rates,
//! servers and service times change on a schedule. In front of it stands a [`Guard`]: the policies of the runtime themselves, on a
//! clock that the model moves. The same seed gives the same run.
//!
//! ```
//! use std::time::Duration;
//! use mainstay_testkit::simulation::{Guard, Model};
//!
//! // 20 servers of 10 ms can do 2,000 calls a second; three times as many come, and wait for 100 ms at most.
//! let model = Model { offered: 6_000.0, ..Model::default() };
//! let report = model.run(Guard::Nothing, Duration::from_secs(5));
//! // Without a limit the line grows beyond what anyone waits for.
//! assert!(report.goodput(1.0..5.0) < 0.1 * model.capacity());
//! ```

mod event;
mod guard;
mod line;
mod model;
mod report;
mod run;

pub use guard::Guard;
pub use model::{Change, Model};
pub use report::{Report, Slice};
