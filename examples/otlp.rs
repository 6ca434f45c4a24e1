//! A shop that sends its spans to a collector, such as Jaeger, and says what became of them.
//!
//! ```text
//! docker run --rm -p 16686:16686 -p 4318:4318 jaegertracing/jaeger:latest
//! cargo run --example otlp --features otlp
//! ```
//!
//! It works without a collector too, and says that there is none. `OTEL_TRACES_EXPORTER=console` prints the spans instead;
//! `docs/reference/tracing.md` has the other variables.

use std::{
    error::Error as StdError,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use mainstay::{
    Error,
    otlp::{TracingConfig, setup_tracing},
    retry, timeout, trace, trace_span,
};

#[trace_span("shop.checkout", kind = server, attrs(order.id = order))]
async fn checkout(order: u64) -> Result<u64, Error> {
    let cents = price(order).await?;
    trace::add_span_event("priced", &[("cents", &cents)]);
    charge(order, cents).await
}

#[trace_span("shop.price", attrs(order.id = order))]
async fn price(order: u64) -> Result<u64, Error> {
    tokio::time::sleep(Duration::from_millis(3)).await;
    Ok(100 * order)
}

/// Each try is seen in the trace.
#[trace_span("shop.charge", kind = client, attrs(order.id = order, order.cents = cents))]
#[retry(max_attempts = 3, initial_delay = "5ms")]
#[timeout("20ms")]
async fn charge(order: u64, cents: u64) -> Result<u64, Error> {
    // Every third time the bank is slow.
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let is_slow = ASKED.fetch_add(1, Ordering::Relaxed) % 3 == 2;
    tokio::time::sleep(Duration::from_millis(if is_slow { 60 } else { 4 })).await;
    Ok(cents)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    // What is not said here the environment may say.
    let config = TracingConfig::from_env()
        .service_version(env!("CARGO_PKG_VERSION"))
        // Nobody waits for an example.
        .export_timeout(Duration::from_secs(2));
    let tracing = setup_tracing(config)?;

    for order in 1..=5 {
        match checkout(order).await {
            Ok(cents) => println!("order {order} is paid: {cents} cents"),
            Err(error) => println!("order {order} is not paid: {error}"),
        }
    }

    let report = tracing.shutdown(Duration::from_secs(5));
    println!("{} spans exported, {} dropped", report.exported, report.dropped);
    if report.exported == 0 && report.dropped > 0 {
        println!(
            "there is no collector: start one, as `examples/otlp.rs` says, or set OTEL_TRACES_EXPORTER=console"
        );
    } else if report.exported > 0 {
        println!("Jaeger shows them at http://localhost:16686");
    }
    Ok(())
}
