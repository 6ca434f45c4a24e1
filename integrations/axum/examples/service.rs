//! A whole service: requests on 8000, health and the live page on 8080, metrics on 9090, logs, spans, and an end in good order.
//! It fits the files of `docs/deploy`.
//!
//! ```text
//! cargo run -p mainstay-axum --example service
//! ```

use std::error::Error;

use axum::{Router, extract::Path, routing::get};
use mainstay::{
    health::{self, HealthCheck},
    logging::setup_logging,
    metered, on_shutdown,
    ops::OpsServer,
    otlp::{TracingConfig, setup_tracing},
    prometheus::{BuildInfo, MetricsServer},
    retry,
    shutdown::{GracefulShutdown, Outcome, ShutdownConfig},
    timeout, trace_span,
};
use tokio::net::TcpListener;

/// What the service cannot do without.
#[derive(HealthCheck)]
struct Dependencies {
    #[check(with = answers)]
    prices: String,
}

async fn answers(prices: &str) -> bool {
    !prices.is_empty()
}

#[trace_span("price", attrs("item" = item))]
#[metered("price")]
#[retry(max_attempts = 3)]
#[timeout("500ms")]
async fn price(item: u64) -> Result<u64, mainstay::Error> {
    Ok(100 * item)
}

#[on_shutdown]
async fn close_prices() {
    // What is held is given back here: pools, files, the place in a registry.
}

#[tokio::main]
async fn main() -> Result<Outcome, Box<dyn Error>> {
    let _logging = setup_logging("shop", "info")?;
    let _tracing = setup_tracing(TracingConfig::new("shop"))?;
    let shutdown = GracefulShutdown::new(ShutdownConfig::new().or_environment()?)?;
    health::checks().add(Dependencies { prices: "a price list".to_owned() });
    OpsServer::new().service("shop").start_in_background()?;
    MetricsServer::new()
        .build_info(BuildInfo::new("shop", env!("CARGO_PKG_VERSION")))
        .start_in_background()?;

    let prices = |Path(item): Path<u64>| async move {
        price(item).await.map(|cents| cents.to_string()).map_err(|error| error.to_string())
    };
    let app = Router::new().route("/prices/{item}", get(prices)).layer(mainstay::axum::observe());
    let listener = TcpListener::bind("0.0.0.0:8000").await?;
    Ok(shutdown.run(mainstay::axum::serve(listener, app, &shutdown)).await)
}
