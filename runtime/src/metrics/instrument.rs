use std::{fmt, sync::Arc};

use super::{Buckets, Counter, Gauge, Histogram, IntGauge, MetricKind, Sample};

/// What a [`Family`](super::Family) has one of for each set of labels.
pub trait Instrument: fmt::Debug + Send + Sync + 'static {
    /// What it takes to make one.
    type Config: Clone + Send + Sync + 'static;
    /// How it is announced.
    const KIND: MetricKind;

    /// One that has measured nothing yet.
    fn make(config: &Self::Config) -> Self;
    /// Gives what it has measured to `give`, once.
    fn read(&self, give: &mut dyn FnMut(Sample<'_>));
}

/// What takes measurements one by one, and so can be timed with.
pub trait Observe {
    /// Takes a measurement; durations are in seconds.
    fn observe(&self, value: f64);
}

impl Observe for Histogram {
    #[inline]
    fn observe(&self, value: f64) {
        Histogram::observe(self, value);
    }
}

impl Instrument for Counter {
    type Config = ();
    const KIND: MetricKind = MetricKind::Counter;

    fn make((): &()) -> Self {
        Self::new()
    }

    fn read(&self, give: &mut dyn FnMut(Sample<'_>)) {
        give(Sample::Counter(self.get()));
    }
}

impl Instrument for Gauge {
    type Config = ();
    const KIND: MetricKind = MetricKind::Gauge;

    fn make((): &()) -> Self {
        Self::new()
    }

    fn read(&self, give: &mut dyn FnMut(Sample<'_>)) {
        give(Sample::Gauge(self.get()));
    }
}

impl Instrument for IntGauge {
    type Config = ();
    const KIND: MetricKind = MetricKind::Gauge;

    fn make((): &()) -> Self {
        Self::new()
    }

    fn read(&self, give: &mut dyn FnMut(Sample<'_>)) {
        give(Sample::IntGauge(self.get()));
    }
}

impl Instrument for Histogram {
    type Config = Arc<Buckets>;
    const KIND: MetricKind = MetricKind::Histogram;

    fn make(buckets: &Arc<Buckets>) -> Self {
        Self::new(Arc::clone(buckets))
    }

    fn read(&self, give: &mut dyn FnMut(Sample<'_>)) {
        give(Sample::Histogram(&self.snapshot()));
    }
}
