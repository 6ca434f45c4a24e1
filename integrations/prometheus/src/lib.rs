//! The server that Prometheus scrapes Mainstay's metrics from.
//!
//! [`MetricsServer`] answers `/metrics` on a thread of its own. What it serves is the
//! [registry](mainstay_runtime::metrics::registry()) of the program, with the metrics of the process beside it;
//! [`Summary`] adds quantiles, [`HttpMetrics`] the metrics of an HTTP server, and [`Bridge`] hands our metrics to the official
//! client, whose registries the server takes along.

mod answer;
mod bridge;
mod build_info;
mod compatible;
mod dashboard;
mod foreign;
mod negotiate;
mod process;
mod runtime;
mod server;
mod serving;
mod sketch;
mod sources;
mod summary;

pub use bridge::Bridge;
pub use build_info::BuildInfo;
pub use compatible::IdempotencyHits;
pub use dashboard::dashboard;
pub use mainstay_http::{HttpMetrics, HttpRequest, Method, Scheme};
pub use mainstay_serve::ServerError;
pub use process::ProcessMetrics;
pub use runtime::TokioMetrics;
pub use server::MetricsServer;
pub use serving::ServingMetrics;
pub use summary::{Summary, SummaryConfig};
