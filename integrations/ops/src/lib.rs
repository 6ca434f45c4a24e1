//! A server for operations, on a port and a thread of its own: health for orchestrators, every policy as JSON, and a live page.
//!
//! [`OpsServer`] answers `/health`, `/policies`, `/events` and `/`; see there. [`HealthServer`] answers health alone.

mod access;
mod act;
mod answer;
mod body;
mod book;
mod conditions;
mod health_server;
mod host;
mod listing;
mod model;
mod news;
mod page;
mod past;
mod path;
mod probes;
mod routes;
mod sample;
mod sampler;
mod server;
mod serving;
mod stream;
mod wall;

pub use health_server::HealthServer;
pub use mainstay_serve::ServerError;
pub use server::OpsServer;
pub use serving::ServingOps;
