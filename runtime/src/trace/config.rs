use std::time::Duration;

use super::{Resource, Sampler, SpanExporter};

/// How spans are sampled, kept and sent: for [`install`](super::install).
pub struct TraceConfig {
    pub(super) exporter: Box<dyn SpanExporter>,
    pub(super) sampler: Sampler,
    pub(super) queue: usize,
    pub(super) batch: usize,
    pub(super) delay: Duration,
    pub(super) resource: Resource,
}

impl TraceConfig {
    /// Sends all spans to `exporter`.
    pub fn new(exporter: impl SpanExporter) -> Self {
        Self {
            exporter: Box::new(exporter),
            sampler: Sampler::default(),
            queue: 16_384,
            batch: 512,
            delay: Duration::from_secs(5),
            resource: Resource::default(),
        }
    }

    /// Which traces are recorded. Default: all, unless the parent is not sampled.
    #[must_use]
    pub fn sampler(mut self, sampler: Sampler) -> Self {
        self.sampler = sampler;
        self
    }

    /// How many finished spans may wait to be sent, those of the batch under way included; at least 1. What comes when there
    /// are so many is dropped and counted. Default 16,384, a few megabytes at most.
    #[must_use]
    pub fn queue_size(mut self, spans: usize) -> Self {
        self.queue = spans.max(1);
        self
    }

    /// How many spans are sent at once; at least 1. As soon as about so many wait they are sent. Default 512.
    #[must_use]
    pub fn batch_size(mut self, spans: usize) -> Self {
        self.batch = spans.max(1);
        self
    }

    /// How long a finished span waits to be sent at most; at least a millisecond. Default five seconds.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay.max(Duration::from_millis(1));
        self
    }

    /// Whose spans they are. Default: nothing is said.
    #[must_use]
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resource = resource;
        self
    }
}

impl std::fmt::Debug for TraceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sampler, queue, batch, delay, resource, .. } = self;
        f.debug_struct("TraceConfig")
            .field("sampler", sampler)
            .field("queue", queue)
            .field("batch", batch)
            .field("delay", delay)
            .field("resource", resource)
            .finish_non_exhaustive()
    }
}
