//! Real servers for tests of stores: Debian's packages, started on a loopback port of their own.
//!
//! | server | is |
//! |---|---|
//! | Redis, or Valkey | [`RedisServer`] |
//! | PostgreSQL | [`PostgresServer`] |
//! | Prometheus | [`PrometheusServer`], and [`promtool`] beside it |
//!
//! Each keeps its data in a temporary folder. All are gone when the value is dropped, also by a panic, and when the process
//! of the test is killed. [`RedisServer::kill`] and [`RedisServer::restart`] are a crash and what follows: same port, same
//! data.
//!
//! `.ci/servers` makes the packages present. A server whose program is missing says so, and what to do.

mod error;
mod family;
mod folder;
mod port;
mod postgres;
mod process;
mod programs;
mod prometheus;
mod redis;

pub use error::ServerError;
pub use postgres::{PostgresOptions, PostgresServer};
pub use prometheus::{PrometheusOptions, PrometheusServer, promtool};
pub use redis::{RedisOptions, RedisServer};
