use std::{
    fmt,
    hash::BuildHasher,
    sync::{Arc, Once, OnceLock},
};

use super::{
    Collect, Descriptor, Instrument, LabelSet, Labels, Sink,
    labels::OVERFLOW,
    table::{Full, Table},
};

/// How many series a family has unless told otherwise: the limit that OpenTelemetry sets.
pub(super) const LIMIT: usize = 2000;

/// A metric with labels: one counter, gauge or histogram for each combination of their values.
///
/// The labels' types bound how many series there are. Beyond 2,000 of them everything is counted in one series more, which
/// has the label `otel_metric_overflow="true"`, and a warning is logged once.
///
/// ```
/// use mainstay_runtime::metrics::{HttpStatus, Registry, TextFormat};
///
/// let registry = Registry::new();
/// let requests = registry.counters::<(&'static str, HttpStatus)>(
///     "http_requests_total",
///     "HTTP requests.",
///     ["method", "status"],
/// )?;
/// requests.get(&("GET", HttpStatus::new(200))).increment();
///
/// let text = registry.encode(TextFormat::Prometheus);
/// assert!(text.contains("http_requests_total{method=\"GET\",status=\"200\"} 1\n"));
/// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
/// ```
pub struct Family<L: Labels, M: Instrument> {
    descriptor: Descriptor,
    names: L::Names,
    config: M::Config,
    table: Table<Series<L, M>>,
    overflow: OnceLock<Series<Option<L>, M>>,
    warned: Once,
}

#[derive(Debug)]
struct Series<L, M> {
    labels: L,
    set: LabelSet,
    metric: Arc<M>,
}

impl<L: Labels, M: Instrument> Family<L, M> {
    pub(super) fn new(descriptor: Descriptor, names: L::Names, config: M::Config, limit: usize) -> Self {
        Self {
            descriptor,
            names,
            config,
            table: Table::new(limit),
            overflow: OnceLock::new(),
            warned: Once::new(),
        }
    }

    /// The metric with these labels. Looked up without a lock; keep a [`handle`](Self::handle) where even that is too much.
    #[inline]
    pub fn get(&self, labels: &L) -> &M {
        self.series(labels)
    }

    /// The metric with these labels, to be kept.
    pub fn handle(&self, labels: &L) -> Arc<M> {
        Arc::clone(self.series(labels))
    }

    /// What it is called and what it is.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// How many series it has.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether it has no series yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn names(&self) -> &[&'static str] {
        self.names.as_ref()
    }

    #[inline]
    fn series(&self, labels: &L) -> &Arc<M> {
        let hash = foldhash::fast::FixedState::with_seed(0).hash_one(labels);
        match self.table.find(hash, |series| series.labels == *labels) {
            Some(series) => &series.metric,
            None => self.new_series(hash, labels),
        }
    }

    #[cold]
    fn new_series(&self, hash: u64, labels: &L) -> &Arc<M> {
        let make = || {
            let set = LabelSet::new(self.names().iter().copied().zip(labels.texts()));
            self.make(labels.clone(), set)
        };
        match self.table.find_or_insert(hash, |series| series.labels == *labels, make) {
            Ok(series) => &series.metric,
            Err(Full) => self.overflowed(),
        }
    }

    fn make<K>(&self, labels: K, set: LabelSet) -> Series<K, M> {
        let set = set.with_line(self.descriptor.name(), self.descriptor.ending());
        Series { labels, set, metric: Arc::new(M::make(&self.config)) }
    }

    fn overflowed(&self) -> &Arc<M> {
        self.warned.call_once(|| {
            tracing::warn!(
                target: "mainstay",
                metric = self.descriptor.name(),
                "a metric has more than {} combinations of label values; the rest are counted together, under \
                 {OVERFLOW}=\"true\": take away a label that has too many values",
                self.table.len(),
            );
        });
        &self.overflow.get_or_init(|| self.make(None, LabelSet::new([(OVERFLOW, "true")]))).metric
    }
}

impl<L: Labels, M: Instrument> Collect for Family<L, M> {
    fn collect(&self, sink: &mut dyn Sink) {
        if !sink.family(&self.descriptor) {
            return;
        }
        let series = self.table.iter().map(|series| (&series.set, &series.metric));
        let overflow = self.overflow.get().map(|series| (&series.set, &series.metric));
        for (set, metric) in series.chain(overflow) {
            metric.read(&mut |sample| sink.sample(set, sample));
        }
    }
}

impl<L: Labels, M: Instrument> fmt::Debug for Family<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names();
        f.debug_struct("Family")
            .field("descriptor", &self.descriptor)
            .field("labels", &names)
            .field("series", &self.len())
            .finish()
    }
}
