//! Metrics that are made by their name where they are used.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{BuildHasher, Hash, Hasher},
    sync::{Arc, PoisonError},
};

use foldhash::HashMap;

use super::{
    Collect, Counter, Descriptor, Gauge, Instrument, LabelSet, MetricKind, Sink,
    labels::OVERFLOW,
    names,
    table::{Full, Table},
};
use crate::sync::Mutex;

/// How many names there may be, and how many combinations of tags under each.
const NAMES: usize = 1000;
const SETS: usize = 1000;
/// How many series there may be together.
const SERIES: usize = 10_000;

static COUNTERS: Store<Counter> = Store::new();
static GAUGES: Store<Gauge> = Store::new();

/// Counts one more under that name and those tags.
///
/// Dots and whatever else Prometheus does not allow become `_`, and the name gets its `_total`: `api.requests` is scraped as
/// `api_requests_total`. A name may have 1,000 combinations of tags; the rest are counted in one series, with the label
/// `otel_metric_overflow="true"`, and a warning is logged once. Tags in another order are the same tags.
///
/// It looks its name up in each call. Where that is too much, or the tags are known when the program is compiled, take a
/// counter from the [`registry()`](super::registry()).
///
/// ```
/// use mainstay_runtime::metrics::{TextFormat, increment_counter, registry};
///
/// increment_counter("api.requests", &[("endpoint", "/users"), ("method", "GET")]);
///
/// let text = registry().encode(TextFormat::Prometheus);
/// assert!(text.contains("api_requests_total{endpoint=\"/users\",method=\"GET\"} 1\n"), "{text}");
/// ```
pub fn increment_counter(name: &str, tags: &[(&str, &str)]) {
    COUNTERS.with(name, tags, Counter::increment);
}

/// Counts `by` more under that name and those tags. See [`increment_counter`].
pub fn add_to_counter(name: &str, tags: &[(&str, &str)], by: u64) {
    COUNTERS.with(name, tags, |counter| counter.add(by));
}

/// Puts the gauge of that name to `value`. Names are mapped as in [`increment_counter`], without an ending.
///
/// ```
/// use mainstay_runtime::metrics::{TextFormat, registry, set_gauge};
///
/// set_gauge("active_connections", 45.0);
/// assert!(registry().encode(TextFormat::Prometheus).contains("\nactive_connections 45\n"));
/// ```
pub fn set_gauge(name: &str, value: f64) {
    set_tagged_gauge(name, &[], value);
}

/// Puts the gauge of that name and those tags to `value`. See [`set_gauge`].
pub fn set_tagged_gauge(name: &str, tags: &[(&str, &str)], value: f64) {
    GAUGES.with(name, tags, |gauge| gauge.set(value));
}

/// All series of one kind.
struct Store<M> {
    table: Table<Series<M>>,
    names: Mutex<Option<HashMap<Box<str>, Named<M>>>>,
}

struct Series<M> {
    name: Box<str>,
    tags: Box<[(Box<str>, Box<str>)]>,
    set: LabelSet,
    metric: Arc<M>,
}

/// What is known of one name as it was given.
struct Named<M> {
    sets: usize,
    overflow: Option<(LabelSet, Arc<M>)>,
}

impl<M: Instrument<Config = ()>> Store<M> {
    const fn new() -> Self {
        Self { table: Table::new(SERIES), names: Mutex::new(None) }
    }

    fn with(&self, name: &str, tags: &[(&str, &str)], then: impl FnOnce(&M)) {
        let hash = hash(name, tags);
        match self.table.find(hash, |series| series.is(name, tags)) {
            Some(series) => then(&series.metric),
            None => then(&self.add(hash, name, tags)),
        }
    }

    #[cold]
    fn add(&self, hash: u64, name: &str, tags: &[(&str, &str)]) -> Arc<M> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let names = names.get_or_insert_default();
        // Beyond that many names all are one.
        let is_known = names.contains_key(name) || names.len() < NAMES;
        let name = if is_known { name } else { "mainstay_metrics_beyond_limit" };
        let named = names.entry(Box::from(name)).or_insert_with(|| Named { sets: 0, overflow: None });
        if is_known && named.sets < SETS {
            let made =
                self.table.find_or_insert(hash, |series| series.is(name, tags), || Series::new(name, tags));
            if let Ok(series) = made {
                named.sets += 1;
                return Arc::clone(&series.metric);
            }
            let Err(Full) = made else { return Arc::new(M::make(&())) };
        }
        let is_first = named.overflow.is_none();
        let make = || (LabelSet::new([(OVERFLOW, "true")]), Arc::new(M::make(&())));
        let metric = Arc::clone(&named.overflow.get_or_insert_with(make).1);
        if is_first {
            tracing::warn!(
                target: "mainstay",
                metric = name,
                "a metric made by name has too many combinations of tags, or there are too many names; the rest are counted \
                 together, under {OVERFLOW}=\"true\": take away a tag that has too many values",
            );
        }
        metric
    }

    fn collect(&self, kind: MetricKind, sink: &mut dyn Sink) {
        let mut families = BTreeMap::<String, (Descriptor, Vec<(LabelSet, Arc<M>)>)>::new();
        let mut put = |name: &str, set: &LabelSet, metric: &Arc<M>| {
            let descriptor = Descriptor::mapped(name, "", kind);
            let family = families.entry(descriptor.name().to_owned());
            family.or_insert_with(|| (descriptor, Vec::new())).1.push((set.clone(), Arc::clone(metric)));
        };
        self.table.iter().for_each(|series| put(&series.name, &series.set, &series.metric));
        for (name, named) in self.names.lock().unwrap_or_else(PoisonError::into_inner).iter().flatten() {
            if let Some((set, metric)) = &named.overflow {
                put(name, set, metric);
            }
        }
        for (descriptor, mut series) in families.into_values() {
            if !sink.family(&descriptor) {
                continue;
            }
            // Names that were different may be the same to Prometheus, and so may tags.
            series.sort_by(|(one, _), (other, _)| one.text().cmp(other.text()));
            series.dedup_by(|(one, _), (other, _)| one.text() == other.text());
            for (set, metric) in &series {
                metric.read(&mut |sample| sink.sample(set, sample));
            }
        }
    }
}

impl<M: Instrument<Config = ()>> Series<M> {
    fn new(name: &str, tags: &[(&str, &str)]) -> Self {
        let mut labels: Vec<(String, &str)> = Vec::with_capacity(tags.len());
        for (tag, value) in tags {
            let mapped = names::mapped_label(tag).into_owned();
            if !labels.iter().any(|(there, _)| *there == mapped) {
                labels.push((mapped, value));
            }
        }
        labels.sort();
        Self {
            name: Box::from(name),
            tags: tags.iter().map(|(tag, value)| (Box::from(*tag), Box::from(*value))).collect(),
            set: LabelSet::new(labels),
            metric: Arc::new(M::make(&())),
        }
    }
}

impl<M> Series<M> {
    fn is(&self, name: &str, tags: &[(&str, &str)]) -> bool {
        let has = |(tag, value): &(&str, &str)| {
            self.tags.iter().any(|(own_tag, own)| **own_tag == **tag && **own == **value)
        };
        *self.name == *name && self.tags.len() == tags.len() && tags.iter().all(has)
    }
}

/// The same for tags in any order.
fn hash(name: &str, tags: &[(&str, &str)]) -> u64 {
    let state = foldhash::fast::FixedState::with_seed(0);
    let of_tags = tags.iter().fold(0_u64, |sum, tag| sum.wrapping_add(state.hash_one(tag)));
    let mut hasher = state.build_hasher();
    name.hash(&mut hasher);
    hasher.write_u64(of_tags);
    hasher.finish()
}

/// Gives the metrics that were made by name.
pub(super) struct Adhoc;

impl fmt::Debug for Adhoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Adhoc({} counters, {} gauges)", COUNTERS.table.len(), GAUGES.table.len())
    }
}

impl Collect for Adhoc {
    fn collect(&self, sink: &mut dyn Sink) {
        COUNTERS.collect(MetricKind::Counter, sink);
        GAUGES.collect(MetricKind::Gauge, sink);
    }
}
