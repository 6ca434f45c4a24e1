//! Sends Mainstay's spans to OpenTelemetry collectors: Jaeger, Tempo, the OpenTelemetry Collector and whoever else speaks OTLP.
//!
//! [`setup_tracing`] takes a [`TracingConfig`] and the environment variables of OpenTelemetry, and gives a [`TracingGuard`]
//! that sends what is left when it goes. `docs/reference/tracing.md` has all options, variables and errors.

mod config;
mod encode;
mod endpoint;
mod environment;
mod error;
mod exporter;
mod given;
mod guard;
mod pairs;
mod resource;
mod settings;
mod setup;
mod stdout;
mod tally;
mod tls_files;
mod transport;
mod wire;

pub use config::{Exporter, Format, Protocol, TracingConfig};
pub use error::SetupError;
pub use guard::{Report, TracingGuard};
pub use setup::setup_tracing;
pub use stdout::StdoutExporter;

/// What requests say they come from.
const USER_AGENT: &str = concat!("mainstay-otlp/", env!("CARGO_PKG_VERSION"));
