//! OpenTelemetry's SDK, by itself.

use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter},
};

use crate::{row::Row, work::work};

const WHO: &str = "opentelemetry_sdk";

/// Takes spans and does nothing with them.
#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// With a queue of our size.
pub fn provider(sampler: Sampler) -> SdkTracerProvider {
    let config = BatchConfigBuilder::default().with_max_queue_size(16_384).build();
    let processor = BatchSpanProcessor::builder(Nowhere).with_batch_config(config).build();
    SdkTracerProvider::builder().with_sampler(sampler).with_span_processor(processor).build()
}

fn under(sampler: Sampler) -> Row {
    Row::per_thread(WHO, move |_| {
        let provider = provider(sampler.clone());
        let tracer = provider.tracer("benches");
        move || {
            let _ = &provider;
            tracer.in_span("spanned", |_| work(1))
        }
    })
}

pub fn sampled_out() -> Row {
    under(Sampler::AlwaysOff)
}

pub fn on() -> Row {
    under(Sampler::AlwaysOn)
}
