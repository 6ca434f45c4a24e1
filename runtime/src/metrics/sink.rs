use std::{borrow::Cow, fmt};

use super::{LabelSet, MetricError, Snapshot, names};

/// What kind of metric a family is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MetricKind {
    /// A count that only goes up.
    Counter,
    /// A number that goes up and down.
    Gauge,
    /// Counts by range.
    Histogram,
    /// Quantiles.
    Summary,
    /// Facts about the program, as labels of a 1.
    Info,
}

/// What a family of series is called and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptor {
    name: Cow<'static, str>,
    help: Cow<'static, str>,
    unit: Option<&'static str>,
    kind: MetricKind,
}

impl Descriptor {
    /// `name` may carry the `_total` of a counter or leave it out; its unit is read off its ending. `help` is a sentence.
    ///
    /// # Errors
    /// A name that Prometheus does not know, or that ends in what the formats add.
    pub fn new(
        name: &str,
        help: impl Into<Cow<'static, str>>,
        kind: MetricKind,
    ) -> Result<Self, MetricError> {
        let name = match kind {
            MetricKind::Info => names::check(name.strip_suffix("_info").unwrap_or(name), false)?,
            kind => names::check(name, kind == MetricKind::Counter)?,
        };
        Ok(Self { unit: names::unit(&name), name: Cow::Owned(name), help: help.into(), kind })
    }

    /// The same for a name that is known to be one, without its ending.
    pub(crate) const fn known(
        name: &'static str,
        help: &'static str,
        unit: Option<&'static str>,
        kind: MetricKind,
    ) -> Self {
        Self { name: Cow::Borrowed(name), help: Cow::Borrowed(help), unit, kind }
    }

    /// For a name made out of any text.
    pub(crate) fn mapped(name: &str, help: impl Into<Cow<'static, str>>, kind: MetricKind) -> Self {
        let name = names::mapped(name);
        let base =
            if kind == MetricKind::Counter { name.strip_suffix("_total").unwrap_or(&name) } else { &name };
        let base = if names::check(base, false).is_ok() { base.to_owned() } else { format!("{base}_value") };
        Self { unit: names::unit(&base), name: Cow::Owned(base), help: help.into(), kind }
    }

    /// Its name, without `_total` or `_info`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, in a sentence.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// The unit in which it is counted.
    pub fn unit(&self) -> Option<&'static str> {
        self.unit
    }

    /// Its kind.
    pub fn kind(&self) -> MetricKind {
        self.kind
    }

    /// What its series' names end in, where they have one line each.
    pub(super) fn ending(&self) -> &'static str {
        match self.kind {
            MetricKind::Counter => "_total",
            MetricKind::Info => "_info",
            _ => "",
        }
    }
}

/// What one series shows.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Sample<'a> {
    /// A count.
    Counter(u64),
    /// A count of what has parts, such as seconds.
    FloatCounter(f64),
    /// A number.
    Gauge(f64),
    /// A whole number.
    IntGauge(i64),
    /// Counts by range.
    Histogram(&'a Snapshot),
    /// Values at quantiles from 0 to 1, and all of them together.
    Summary {
        /// Each with its value; a value that is no number where there are no observations.
        quantiles: &'a [(f64, f64)],
        /// What all observations come to together.
        sum: f64,
        /// How many there were.
        count: u64,
    },
    /// Facts: the labels are all there is.
    Info,
}

/// What reads metrics: a format, or a bridge to somebody else's library.
pub trait Sink {
    /// A family begins; the samples that follow are its own. `false` if it is not wanted, because there has been one of
    /// that name.
    fn family(&mut self, descriptor: &Descriptor) -> bool;
    /// A series of that family.
    fn sample(&mut self, labels: &LabelSet, sample: Sample<'_>);
}

/// What gives metrics when they are read: numbers that are kept elsewhere and need not be counted twice.
///
/// ```
/// use mainstay_runtime::metrics::{Collect, Descriptor, LabelSet, MetricKind, Registry, Sample, Sink, TextFormat};
///
/// #[derive(Debug)]
/// struct Queue(Descriptor);
///
/// impl Collect for Queue {
///     fn collect(&self, sink: &mut dyn Sink) {
///         if sink.family(&self.0) {
///             sink.sample(&LabelSet::new([("queue", "orders")]), Sample::IntGauge(3));
///         }
///     }
/// }
///
/// let registry = Registry::new();
/// registry.collect_from(Queue(Descriptor::new("queue_length", "Jobs that wait.", MetricKind::Gauge)?));
/// assert!(registry.encode(TextFormat::Prometheus).contains("queue_length{queue=\"orders\"} 3\n"));
/// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
/// ```
pub trait Collect: fmt::Debug + Send + Sync {
    /// Gives all families, each with its series.
    fn collect(&self, sink: &mut dyn Sink);
}
