use std::time::Duration;

use super::{Resource, Sampler, SpanExporter, SpanLimits};
use crate::propagate::Propagators;

/// How spans are sampled, kept and sent: for [`install`](super::install).
pub struct TraceConfig {
    pub(super) exporter: Box<dyn SpanExporter>,
    pub(super) sampler: Option<Sampler>,
    pub(super) queue: Option<usize>,
    pub(super) batch: Option<usize>,
    pub(super) delay: Option<Duration>,
    pub(super) limits: Option<SpanLimits>,
    pub(super) propagators: Option<Propagators>,
    pub(super) resource: Resource,
}

impl TraceConfig {
    /// Sends all spans to `exporter`.
    pub fn new(exporter: impl SpanExporter) -> Self {
        Self {
            exporter: Box::new(exporter),
            sampler: None,
            queue: None,
            batch: None,
            delay: None,
            limits: None,
            propagators: None,
            resource: Resource::default(),
        }
    }

    /// Which traces are recorded. Default: all, unless the parent is not sampled.
    #[must_use]
    pub fn sampler(mut self, sampler: Sampler) -> Self {
        self.sampler = Some(sampler);
        self
    }

    /// How many finished spans may wait to be sent, those of the batch under way included; at least 1. What comes when there
    /// are so many is dropped and counted. Default 16,384, a few megabytes at most.
    #[must_use]
    pub fn queue_size(mut self, spans: usize) -> Self {
        self.queue = Some(spans.max(1));
        self
    }

    /// How many spans are sent at once; at least 1. As soon as about so many wait they are sent. Default 512.
    #[must_use]
    pub fn batch_size(mut self, spans: usize) -> Self {
        self.batch = Some(spans.max(1));
        self
    }

    /// How long a finished span waits to be sent at most; at least a millisecond. Default five seconds.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay.max(Duration::from_millis(1)));
        self
    }

    /// How much of a span is sent. Default: 128 attributes, events and links, and texts of any length.
    #[must_use]
    pub fn limits(mut self, limits: SpanLimits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Which headers carry the trace to other services, from [`install`](super::install) on. Default: those that are in force.
    #[must_use]
    pub fn propagators(mut self, propagators: Propagators) -> Self {
        self.propagators = Some(propagators);
        self
    }

    /// Whose spans they are. Default: nothing is said.
    #[must_use]
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resource = resource;
        self
    }
}

/// What nobody has said is as the defaults say.
impl TraceConfig {
    pub(super) fn in_force(&self) -> Sampler {
        self.sampler.unwrap_or_default()
    }

    pub(super) fn queue(&self) -> usize {
        self.queue.unwrap_or(16_384)
    }

    pub(super) fn batch(&self) -> usize {
        self.batch.unwrap_or(512)
    }

    pub(super) fn wait(&self) -> Duration {
        self.delay.unwrap_or(Duration::from_secs(5))
    }
}

impl std::fmt::Debug for TraceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceConfig")
            .field("sampler", &self.in_force())
            .field("queue", &self.queue())
            .field("batch", &self.batch())
            .field("delay", &self.wait())
            .field("limits", &self.limits)
            .field("propagators", &self.propagators)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
