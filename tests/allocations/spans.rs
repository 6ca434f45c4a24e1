//! Spans: off, sampled out, and recorded.

use std::time::Duration;

use mainstay::{
    retry,
    trace::{self, Sampler, add_span_attribute},
    trace_span,
};
use mainstay_testkit::Spans;

use crate::support::*;

#[trace_span("allocations.span", attrs(x = x, route = "/orders"))]
async fn traced(x: u32) -> Answer {
    add_span_attribute("y", x);
    Ok(x)
}

#[trace_span("allocations.span", attrs(x = x, route = "/orders"))]
fn traced_sync(x: u32) -> Answer {
    Ok(x)
}

#[trace_span("allocations.span")]
#[retry]
async fn stacked(x: u32) -> Answer {
    Ok(x)
}

fn check(what: &str) {
    assert_eq!(allocations_async(|| traced(7)), (0, Ok(7)), "{what}");
    assert_eq!(allocations(|| traced_sync(7)), (0, Ok(7)), "{what}");
    assert_eq!(allocations_async(|| stacked(7)), (0, Ok(7)), "{what}");
}

#[test]
fn a_span_that_is_off_or_sampled_out_allocates_nothing() {
    {
        let _none = Spans::none();
        check("off");
    }
    let _spans = Spans::sampled(Sampler::always_off());
    check("sampled out");
}

/// Wants every span, as long as it is there.
struct Interested;

impl tracing::Subscriber for Interested {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn a_subscriber_that_has_gone_costs_no_allocation() {
    let _none = Spans::none();
    tracing::subscriber::with_default(Interested, || drop(traced_sync(7)));
    check("off, after a subscriber");
}

/// Leaves what it is given for use again, as an exporter does that writes it down.
struct Sent;

impl trace::SpanExporter for Sent {
    fn export(&mut self, _: &mut Vec<trace::SpanData>) -> Result<(), trace::ExportError> {
        Ok(())
    }
}

#[test]
fn a_span_that_is_recorded_allocates_nothing_once_the_first_ones_have_been_sent() {
    let _none = Spans::none();
    let guard = trace::install(trace::TraceConfig::new(Sent)).unwrap();
    for _ in 0..3 {
        (0..200).for_each(|x| drop(allocations_async(|| traced(x))));
        assert!(guard.flush(Duration::from_secs(30)));
    }
    check("recorded");
}
