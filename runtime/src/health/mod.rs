//! Whether the service is alive and ready: checks that run side by side, and what they say together.
//!
//! The twin of `#[health_check]` and `#[derive(HealthCheck)]`. [`checks()`] is the set of the program; a
//! [`HealthChecker`] of one's own is another. [`HealthChecker::report`] answers from any thread in bounded time.
//!
//! ```
//! use mainstay_runtime::health::{Health, HealthCheck, HealthChecker, HealthStatus, Probe};
//!
//! struct Queue { waiting: usize }
//!
//! impl HealthCheck for Queue {
//!     async fn check(&self) -> Health {
//!         if self.waiting < 100 { Health::healthy() } else { Health::degraded("the queue is long") }
//!     }
//! }
//!
//! # let _still = mainstay_runtime::clock::ManualClock::new().install();
//! let checker = HealthChecker::new("shop");
//! checker.add(Queue { waiting: 120 });
//!
//! let report = checker.report(Probe::Ready);
//! assert_eq!(report.status, HealthStatus::Degraded);
//! assert_eq!(report.http_status(), 200);
//! assert_eq!(report.reason("queue"), Some("the queue is long"));
//! ```

mod answer;
mod ask;
mod cell;
mod check;
mod checker;
mod collect;
mod entry;
mod forms;
mod gate;
mod heartbeat;
mod json;
mod names;
mod options;
mod part;
mod policies;
mod pool;
mod probe;
mod report;
mod runs;
mod site;
mod status;
mod system;
#[cfg(test)]
mod tests;
mod time;

pub use answer::{Health, IntoHealth};
pub use check::{Ask, BoxHealth, DynHealthCheck, HealthCheck, LocalCheck};
pub use checker::{HealthChecker, checks, not_ready};
pub use collect::HealthMetrics;
pub use forms::{FromFn, from_fn};
pub use gate::NotReady;
pub use options::CheckOptions;
#[doc(hidden)]
pub use part::{Call, Parts};
pub use policies::{Breaker, Breakers};
pub use probe::{Probe, Probes};
pub use report::{CheckReport, Report};
#[doc(hidden)]
pub use site::CHECKS;
pub use site::CheckSite;
pub use status::HealthStatus;
pub use system::{Load, Memory};
