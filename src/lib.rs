//! What every production service needs around its functions, as attributes.
//!
//! Annotate a function that returns a `Result`; what you read is what runs, the top attribute outermost.
//!
//! ```
//! use mainstay::{circuit_breaker, retry, timeout};
//!
//! #[retry(max_attempts = 4, initial_delay = "100ms")]
//! #[circuit_breaker("payments", failure_threshold = 5, timeout = "30s")]
//! #[timeout("2s")]
//! async fn charge(cents: u64) -> Result<u64, mainstay::Error> {
//!     Ok(cents) // the call to the payment server
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() { assert_eq!(charge(5).await, Ok(5)); }
//! ```
//!
//! | attribute | what it does |
//! |---|---|
//! | [`#[retry]`](macro@retry) | tries again, with growing, random waits |
//! | [`#[circuit_breaker]`](macro@circuit_breaker) | stops calling a dependency that keeps failing |
//! | [`#[timeout]`](macro@timeout) | ends a call that takes too long |
//! | [`#[rate_limit]`](macro@rate_limit) | admits so many calls per time |
//! | [`#[bulkhead]`](macro@bulkhead) | admits so many calls at once |
//! | [`#[adaptive_limit]`](macro@adaptive_limit) | admits as many calls at once as the other side can take |
//! | [`#[throttle]`](macro@throttle) | does not send what the server would refuse |
//! | [`#[fallback]`](macro@fallback) | answers for a call that failed |
//! | [`#[idempotent]`](macro@idempotent) | runs a call once per key, and answers those that repeat it |
//! | [`#[cached]`](macro@cached) | keeps answers for a while, and loads each once for all who ask |
//! | [`#[cache_evict]`](macro@cache_evict) | removes from a cache what a function has changed |
//! | [`#[metered]`](macro@metered) | counts a function's calls by how they end, and times them |
//! | [`#[time_it]`](macro@time_it) | times a function's calls |
//! | [`#[trace_span]`](macro@trace_span) | records calls as spans, for OpenTelemetry and `tracing` |
//! | [`#[hedge]`](macro@hedge) | makes another attempt beside one that takes long |
//! | [`#[health_check]`](macro@health_check) | makes a function one of the service's health checks |
//! | [`#[derive(HealthCheck)]`](macro@health::HealthCheck) | makes a struct as healthy as its fields |
//! | [`#[on_shutdown]`](macro@on_shutdown) | runs a function when the program shuts down |
//! | [`#[derive(Classify)]`](macro@Classify) | says what an error means to all of them |
//!
//! Each has a twin without macros in the module of its name, for closures, futures and instances of one's own:
//! [`circuit_breaker::CircuitBreaker`], [`retry::Retry`](mod@retry), …
//!
//! Their options can be set from outside while the program runs: [`overrides()`].
//!
//! Policies are found by name with [`policies()`], annotated functions with [`catalog()`], and what they do is heard
//! with [`observe::listen`].

// Without the macros the links to them lead nowhere.
#![cfg_attr(not(feature = "macros"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "macros")]
pub use mainstay_macros::{
    Classify, adaptive_limit, bulkhead, cache_evict, cached, circuit_breaker, fallback, health_check, hedge,
    idempotent, metered, on_shutdown, rate_limit, retry, throttle, time_it, timeout, trace, trace_span,
};

pub use mainstay_runtime::{
    ConfigError, Error, Fallible, FromRefusal, KeyedCall, Kind, Name, Stored, adaptive_limit, budget,
    bulkhead, cached,
    catalog::catalog,
    circuit_breaker,
    classify::{Class, Classify},
    clock, context,
    context::{spawn, spawn_blocking},
    deadline, fallback, hedge, idempotent, metered, observe,
    overrides::overrides,
    propagate, rate_limit,
    registry::{Conflict, Policies, policies},
    retry, shutdown, store, throttle, timeout, trace,
};

/// Whether the service is alive and ready.
pub mod health {
    #[cfg(feature = "macros")]
    pub use mainstay_macros::HealthCheck;
    #[doc(inline)]
    pub use mainstay_runtime::health::*;
}

/// Counters, gauges, histograms, their registry and the text that is scraped.
pub mod metrics {
    #[cfg(feature = "macros")]
    pub use mainstay_macros::LabelValue;
    #[doc(inline)]
    pub use mainstay_runtime::metrics::*;
}

/// Options set from outside, while the program runs: by name, by kind, or all at once.
pub mod overrides {
    #[cfg(feature = "toml")]
    pub use mainstay_overrides::Toml;
    #[cfg(feature = "yaml")]
    pub use mainstay_overrides::Yaml;
    #[doc(inline)]
    pub use mainstay_runtime::overrides::*;
}

/// Policies of whatever kind, as tools see them.
pub mod registry {
    pub use mainstay_runtime::registry::{AnyPolicy, Listed, Order, Reading};
}

/// The sites and stacks that [`catalog()`] lists.
pub mod site {
    pub use mainstay_runtime::catalog::{Catalog, Layer, Site};
}

#[cfg(feature = "axum")]
pub use mainstay_axum as axum;

#[cfg(feature = "file")]
pub use mainstay_file as file;

#[cfg(feature = "json")]
pub use mainstay_json as json;

#[cfg(feature = "logging")]
pub use mainstay_logging as logging;

#[cfg(feature = "opentelemetry")]
pub use mainstay_opentelemetry as opentelemetry;

#[cfg(feature = "ops")]
pub use mainstay_ops as ops;

#[cfg(feature = "otlp")]
pub use mainstay_otlp as otlp;

#[cfg(feature = "postgres")]
pub use mainstay_postgres as postgres;

#[cfg(feature = "prometheus")]
pub use mainstay_prometheus as prometheus;

#[cfg(feature = "redis")]
pub use mainstay_redis as redis;

#[cfg(feature = "reqwest")]
pub use mainstay_reqwest as reqwest;

#[cfg(feature = "system")]
pub use mainstay_system as system;

#[cfg(feature = "testkit")]
pub use mainstay_testkit as testkit;

#[doc(hidden)]
pub use mainstay_runtime::glue as __private;

#[cfg(doctest)]
mod book;
