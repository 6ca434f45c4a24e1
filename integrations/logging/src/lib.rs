//! Mainstay's logs: readable where people read them, JSON where machines do, with the ids of the request in each line.
//!
//! What is logged through `tracing`, through `log`, and by Mainstay's own policies comes here. Secrets are taken out, control
//! characters are escaped, and no call waits for a disk or a terminal: lines go through a bounded queue, and what is lost is
//! counted and told.
//!
//! ```
//! use mainstay_logging::{Logging, create_logger};
//! use std::time::Duration;
//!
//! let _logging = Logging::service("prophet").level("info").install()?;
//! let logger = create_logger("prophet")?;
//! logger.info("ready");
//! logger.log_api_call("GET", "/users", 200, Duration::from_millis(145));
//! tracing::info!(user = 7, password = "hunter2", "signed in"); // password=[redacted]
//! # Ok::<(), mainstay_logging::LoggingError>(())
//! ```

mod builder;
mod environment;
mod error;
mod filter;
mod format;
mod guard;
mod install;
mod layer;
mod level;
mod origin;
mod output;
mod pipeline;
mod record;
mod redact;
mod reporter;
mod sampling;
mod service;
mod visit;

pub use builder::Logging;
pub use environment::Environment;
pub use error::LoggingError;
pub use format::{Format, Json, Pretty};
pub use guard::{Flushed, LoggingGuard, LoggingHandle};
pub use install::setup_logging;
pub use output::{Console, Every, LogFile};
pub use record::{Field, Record, Span, Value};
pub use reporter::{Category, Emoji, InContext, SystemReporter};
pub use service::{ServiceLogger, create_logger};
