use std::{
    any::Any,
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    Buckets, Collect, Counter, Descriptor, Family, Gauge, Histogram, Instrument, IntGauge, Labels,
    MetricError, PolicyMetrics, Sink, TextEncoder, TextFormat, adhoc, family, names,
};
use crate::{health::HealthMetrics, metered::MeteredMetrics};

/// The metrics of this program: what `MetricsServer` serves unless told otherwise.
///
/// It also has what the policies count, what `#[metered]` functions count, and the metrics that are made by name as with
/// [`increment_counter`](super::increment_counter).
pub fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let registry = Registry::new();
        registry.collect_from(MeteredMetrics);
        registry.collect_from(PolicyMetrics);
        registry.collect_from(HealthMetrics);
        registry.collect_from(adhoc::Adhoc);
        registry
    })
}

/// Metrics by name.
///
/// The same name is the same metric: who asks for it again gets the one that is there. [`registry()`] is the one of the
/// program; tests and libraries may have their own.
#[derive(Default)]
pub struct Registry {
    families: RwLock<BTreeMap<String, Entry>>,
    collectors: RwLock<Vec<Arc<dyn Collect>>>,
    /// How much was written last, and a little more.
    size: AtomicUsize,
}

#[derive(Clone)]
struct Entry {
    family: Arc<dyn Any + Send + Sync>,
    collect: Arc<dyn Collect>,
}

impl Registry {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// A count that only goes up. Its name ends in `_total`, which is added where it is missing.
    ///
    /// # Errors
    /// A name that Prometheus does not know, or one that another kind of metric has.
    pub fn counter(&self, name: &str, help: &'static str) -> Result<Arc<Counter>, MetricError> {
        self.single(name, help, ())
    }

    /// A number that goes up and down.
    ///
    /// # Errors
    /// Like [`counter`](Self::counter).
    pub fn gauge(&self, name: &str, help: &'static str) -> Result<Arc<Gauge>, MetricError> {
        self.single(name, help, ())
    }

    /// A whole number that goes up and down.
    ///
    /// # Errors
    /// Like [`counter`](Self::counter).
    pub fn int_gauge(&self, name: &str, help: &'static str) -> Result<Arc<IntGauge>, MetricError> {
        self.single(name, help, ())
    }

    /// Counts by range. Its name ends in its unit: `_seconds`, `_bytes`.
    ///
    /// # Errors
    /// Like [`counter`](Self::counter).
    pub fn histogram(
        &self,
        name: &str,
        help: &'static str,
        buckets: Buckets,
    ) -> Result<Arc<Histogram>, MetricError> {
        self.single(name, help, Arc::new(buckets))
    }

    /// A counter for each combination of labels.
    ///
    /// # Errors
    /// Like [`counter`](Self::counter), and where a label's name is none or is there twice.
    pub fn counters<L: Labels>(
        &self,
        name: &str,
        help: &'static str,
        labels: L::Names,
    ) -> Result<Arc<Family<L, Counter>>, MetricError> {
        self.family(name, help, labels, ())
    }

    /// A gauge for each combination of labels.
    ///
    /// # Errors
    /// Like [`counters`](Self::counters).
    pub fn gauges<L: Labels>(
        &self,
        name: &str,
        help: &'static str,
        labels: L::Names,
    ) -> Result<Arc<Family<L, Gauge>>, MetricError> {
        self.family(name, help, labels, ())
    }

    /// A gauge of whole numbers for each combination of labels.
    ///
    /// # Errors
    /// Like [`counters`](Self::counters).
    pub fn int_gauges<L: Labels>(
        &self,
        name: &str,
        help: &'static str,
        labels: L::Names,
    ) -> Result<Arc<Family<L, IntGauge>>, MetricError> {
        self.family(name, help, labels, ())
    }

    /// A histogram for each combination of labels.
    ///
    /// # Errors
    /// Like [`counters`](Self::counters).
    pub fn histograms<L: Labels>(
        &self,
        name: &str,
        help: &'static str,
        labels: L::Names,
        buckets: Buckets,
    ) -> Result<Arc<Family<L, Histogram>>, MetricError> {
        self.family(name, help, labels, Arc::new(buckets))
    }

    /// An instrument of any kind.
    ///
    /// # Errors
    /// Like [`counter`](Self::counter).
    pub fn single<M: Instrument>(
        &self,
        name: &str,
        help: &'static str,
        config: M::Config,
    ) -> Result<Arc<M>, MetricError> {
        // A metric without labels is there from the start, at zero.
        self.family::<(), M>(name, help, [], config).map(|family| family.handle(&()))
    }

    /// An instrument of any kind for each combination of labels.
    ///
    /// # Errors
    /// Like [`counters`](Self::counters).
    pub fn family<L: Labels, M: Instrument>(
        &self,
        name: &str,
        help: &'static str,
        labels: L::Names,
        config: M::Config,
    ) -> Result<Arc<Family<L, M>>, MetricError> {
        let descriptor = Descriptor::new(name, help, M::KIND)?;
        let given = labels.as_ref();
        for (index, label) in given.iter().enumerate() {
            names::check_label(name, label)?;
            if given[..index].contains(label) {
                return Err(MetricError::new(name, format!("the label `{label}` is there twice: keep one")));
            }
        }
        let mut families = self.families.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = families.get(descriptor.name()) {
            let there = Arc::clone(&there.family).downcast::<Family<L, M>>().ok();
            return there.filter(|there| there.names() == labels.as_ref()).ok_or_else(|| {
                MetricError::new(
                    name,
                    "another metric has this name and other labels or another kind: rename one",
                )
            });
        }
        let key = descriptor.name().to_owned();
        let family = Arc::new(Family::<L, M>::new(descriptor, labels, config, family::LIMIT));
        families.insert(key, Entry { family: family.clone(), collect: family.clone() });
        Ok(family)
    }

    /// Asks `source` for its metrics whenever these are read.
    pub fn collect_from(&self, source: impl Collect + 'static) {
        self.collectors.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(source));
    }

    /// Everything as text.
    pub fn encode(&self, format: TextFormat) -> String {
        let room = self.size.load(Ordering::Relaxed);
        let mut encoder = TextEncoder::with_capacity(format, room);
        self.collect(&mut encoder);
        let text = encoder.finish();
        self.size.store(text.len() + text.len() / 8, Ordering::Relaxed);
        text
    }
}

impl Collect for Registry {
    fn collect(&self, sink: &mut dyn Sink) {
        // Nothing of anybody else's runs under our locks.
        let families: Vec<_> = {
            let families = self.families.read().unwrap_or_else(PoisonError::into_inner);
            families.values().map(|entry| Arc::clone(&entry.collect)).collect()
        };
        let collectors = self.collectors.read().unwrap_or_else(PoisonError::into_inner).clone();
        families.iter().chain(&collectors).for_each(|source| source.collect(sink));
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.families.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Registry").field("families", &families.keys()).finish_non_exhaustive()
    }
}

/// So that one registry can be a part of another.
impl Collect for &'static Registry {
    fn collect(&self, sink: &mut dyn Sink) {
        Registry::collect(self, sink);
    }
}
