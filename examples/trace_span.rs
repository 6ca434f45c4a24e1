//! A request through three functions, as spans, with a retry inside.
//!
//! ```text
//! cargo run --example trace_span
//! ```

use std::{error::Error, time::Duration};

use mainstay::{
    Classify, retry,
    trace::{self, ExportError, Resource, SpanData, SpanExporter, TraceConfig, add_span_event},
    trace_span,
};

/// Writes spans to the terminal.
struct Terminal;

impl SpanExporter for Terminal {
    fn export(&mut self, batch: &mut Vec<SpanData>) -> Result<(), ExportError> {
        for span in batch {
            let parent = span.parent.map_or_else(|| "-".repeat(16), |parent| parent.to_string());
            let micros = (span.end - span.start) / 1_000;
            println!(
                "{} {parent} -> {} {micros:>7} µs  {}",
                span.context.trace_id, span.context.span_id, span.name
            );
            for attribute in &span.attributes {
                println!("{:>12} {} = {}", "", attribute.key, attribute.value);
            }
            for event in &span.events {
                let attributes: Vec<_> =
                    event.attributes.iter().map(|one| format!("{}={}", one.key, one.value)).collect();
                println!("{:>12} * {} {}", "", event.name, attributes.join(" "));
            }
        }
        Ok(())
    }
}

#[derive(Debug, Classify, thiserror::Error)]
enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

#[trace_span("place order", kind = server, attrs("order.id" = id), err)]
async fn place(id: u64) -> Result<u64, Failure> {
    let price = price(id);
    let mut attempt = 0;
    charge(price, &mut attempt).await
}

#[trace_span(attrs(id = id))]
fn price(id: u64) -> u64 {
    add_span_event("cache_hit", &[("cache.key", &id)]);
    id * 100
}

#[trace_span("charge", kind = client, attrs(cents = cents))]
#[retry(max_attempts = 3, initial_delay = "20ms")]
async fn charge(cents: u64, attempt: &mut u32) -> Result<u64, Failure> {
    *attempt += 1;
    tokio::time::sleep(Duration::from_millis(5)).await;
    if *attempt == 1 { Err(Failure::Reset) } else { Ok(cents) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = TraceConfig::new(Terminal).resource(Resource::service("orders")).from_env()?;
    let tracing = trace::install(config)?;
    println!("charged {} cents", place(7).await?);
    let flushed = tracing.shutdown(Duration::from_secs(5));
    println!("{} spans sent, {} lost", flushed.exported, flushed.dropped);
    Ok(())
}
