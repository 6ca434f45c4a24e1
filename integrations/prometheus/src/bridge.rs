use std::{fmt, sync::Arc};

use mainstay_runtime::metrics::{
    Collect, Descriptor, LabelSet, MetricKind, Sample, Sink, Snapshot, registry,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::MetricType,
};

/// Mainstay's metrics as a collector of the official client, for a program that serves a registry of that.
///
/// Summaries are no part of it: the client has none.
///
/// ```
/// use mainstay_prometheus::Bridge;
/// use mainstay_runtime::metrics::increment_counter;
/// use prometheus_client::{encoding::text::encode, registry::Registry};
///
/// increment_counter("bridged.calls", &[("to", "them")]);
///
/// let mut theirs = Registry::default();
/// theirs.register_collector(Box::new(Bridge::new()));
/// let mut text = String::new();
/// encode(&mut text, &theirs)?;
/// assert!(text.contains("bridged_calls_total{to=\"them\"} 1"), "{text}");
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Debug)]
pub struct Bridge(Arc<dyn Collect>);

impl Bridge {
    /// The metrics of this program.
    pub fn new() -> Self {
        Self::of(registry())
    }

    /// The metrics of another registry, or of anything that gives some.
    pub fn of(source: impl Collect + 'static) -> Self {
        Self(Arc::new(source))
    }
}

impl Default for Bridge {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector for Bridge {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut gathered = Gathered::default();
        self.0.collect(&mut gathered);
        for (descriptor, series) in &gathered.0 {
            let Some(kind) = metric_type(descriptor.kind()) else { continue };
            // The client adds the unit to the name, where ours has it already.
            let mut family = encoder.encode_descriptor(descriptor.name(), descriptor.help(), None, kind)?;
            for (labels, value) in series {
                let labels: Vec<(&str, &str)> = labels.pairs().collect();
                match value {
                    // Facts are labels, and nothing besides.
                    Value::Info => family.encode_info(&labels)?,
                    value => value.encode(family.encode_family(&labels)?)?,
                }
            }
        }
        Ok(())
    }
}

fn metric_type(kind: MetricKind) -> Option<MetricType> {
    match kind {
        MetricKind::Counter => Some(MetricType::Counter),
        MetricKind::Gauge => Some(MetricType::Gauge),
        MetricKind::Histogram => Some(MetricType::Histogram),
        MetricKind::Info => Some(MetricType::Info),
        _ => None,
    }
}

/// All families with all their series, kept until the client's encoder has them.
#[derive(Default)]
struct Gathered(Vec<(Descriptor, Vec<(LabelSet, Value)>)>);

#[derive(Debug)]
enum Value {
    Counter(u64),
    FloatCounter(f64),
    Gauge(f64),
    IntGauge(i64),
    Histogram(Snapshot),
    Info,
}

impl Sink for Gathered {
    fn family(&mut self, descriptor: &Descriptor) -> bool {
        let is_new = !self.0.iter().any(|(there, _)| there.name() == descriptor.name());
        if is_new {
            self.0.push((descriptor.clone(), Vec::new()));
        }
        is_new
    }

    fn sample(&mut self, labels: &LabelSet, sample: Sample<'_>) {
        let value = match sample {
            Sample::Counter(value) => Value::Counter(value),
            Sample::FloatCounter(value) => Value::FloatCounter(value),
            Sample::Gauge(value) => Value::Gauge(value),
            Sample::IntGauge(value) => Value::IntGauge(value),
            Sample::Histogram(snapshot) => Value::Histogram(snapshot.clone()),
            Sample::Info => Value::Info,
            _ => return,
        };
        if let Some((_, series)) = self.0.last_mut() {
            series.push((labels.clone(), value));
        }
    }
}

impl EncodeMetric for Value {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        match self {
            Self::Counter(value) => encoder.encode_counter::<NoLabelSet, _, u64>(value, None),
            Self::FloatCounter(value) => encoder.encode_counter::<NoLabelSet, _, u64>(value, None),
            Self::Gauge(value) => encoder.encode_gauge(value),
            Self::IntGauge(value) => encoder.encode_gauge(value),
            Self::Histogram(snapshot) => {
                let bounds = snapshot.buckets().bounds().iter().copied().chain([f64::INFINITY]);
                let buckets: Vec<(f64, u64)> = bounds.zip(snapshot.counts().iter().copied()).collect();
                encoder.encode_histogram::<NoLabelSet>(snapshot.sum(), snapshot.count(), &buckets, None)
            }
            Self::Info => Ok(()),
        }
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Unknown
    }
}
