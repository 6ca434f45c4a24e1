use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use super::{
    Buckets, Exemplar,
    exemplar::Place,
    rows::{Row, Rows},
};
use crate::trace::{self, SpanContext};

/// How often values fell into each of some ranges, and their sum.
///
/// Each of the first threads counts in a part of its own once a thousand values have been seen; reading adds the parts up.
/// The sum is a sum of `f64`s in each part: it is off by one part in 2⁵² for each value at most, which no graph shows.
/// A value that is no number is counted in the last bucket and left out of the sum.
///
/// ```
/// use mainstay_runtime::metrics::{Buckets, Histogram};
///
/// let sizes = Histogram::new(Buckets::new([10.0, 100.0])?);
/// sizes.observe(7.0);
/// sizes.observe(1000.0);
/// assert_eq!(sizes.snapshot().counts(), [1, 0, 1]);
/// assert_eq!(sizes.snapshot().sum(), 1007.0);
/// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
/// ```
#[derive(Debug)]
pub struct Histogram {
    buckets: Arc<Buckets>,
    rows: Rows,
    exemplars: Exemplars,
}

impl Histogram {
    /// A histogram with these buckets.
    pub fn new(buckets: impl Into<Arc<Buckets>>) -> Self {
        let buckets = buckets.into();
        Self { rows: Rows::new(buckets.count() + 1), exemplars: Exemplars::new(), buckets }
    }

    /// Counts a value. Observed in a sampled span, it may become its bucket's exemplar, which OpenMetrics shows; a bucket takes
    /// another one once a second at most.
    #[inline]
    pub fn observe(&self, value: f64) {
        if let Some(row) = self.rows.own()
            && let Some(bucket) = self.buckets.find_quickly(value)
        {
            row.add(1 + bucket, 1);
            row.add_f64(0, value);
            if trace::is_known() {
                self.offer(value);
            }
        } else {
            self.observe_with_care(value);
        }
    }

    #[inline(never)]
    fn observe_with_care(&self, value: f64) {
        self.count(value);
        self.offer(value);
    }

    fn count(&self, value: f64) {
        match self.rows.own() {
            Some(row) => self.count_in(row, value),
            None => self.count_in(self.rows.shared(), value),
        }
    }

    fn count_in(&self, row: impl Row, value: f64) {
        row.add(1 + self.buckets.find(value), 1);
        if !value.is_nan() {
            row.add_f64(0, value);
        }
    }

    #[inline(never)]
    fn offer(&self, value: f64) {
        if let Some(span) = trace::sampled() {
            self.exemplars.offer(&self.buckets, value, span);
        }
    }

    /// Counts a duration, in seconds.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.observe(duration.as_secs_f64());
    }

    /// The same for a span that is not the current one.
    pub fn observe_in_span(&self, value: f64, span: SpanContext) {
        self.count(value);
        self.exemplars.offer(&self.buckets, value, span);
    }

    /// Its buckets.
    pub fn buckets(&self) -> &Buckets {
        &self.buckets
    }

    /// What has been counted.
    pub fn snapshot(&self) -> Snapshot {
        let counts = (0..self.buckets.count()).map(|bucket| self.rows.sum(1 + bucket)).collect();
        Snapshot {
            buckets: Arc::clone(&self.buckets),
            counts,
            sum: self.rows.sum_f64(0),
            exemplars: self.exemplars.get(),
        }
    }
}

/// The exemplars of a histogram's buckets, of which most histograms have none.
#[derive(Debug)]
pub(crate) struct Exemplars(OnceLock<Box<[Place]>>);

impl Exemplars {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    #[inline]
    pub(crate) fn offer(&self, buckets: &Buckets, value: f64, span: SpanContext) {
        if span.is_sampled() {
            self.keep(buckets, value, span);
        }
    }

    #[cold]
    fn keep(&self, buckets: &Buckets, value: f64, span: SpanContext) {
        let places = self.0.get_or_init(|| (0..buckets.count()).map(|_| Place::new()).collect());
        if let Some(place) = places.get(buckets.find(value)) {
            place.offer(|| Exemplar::now(span, value));
        }
    }

    pub(crate) fn get(&self) -> Vec<Option<Exemplar>> {
        self.0.get().map_or_else(Vec::new, |places| places.iter().map(Place::get).collect())
    }
}

/// What a histogram had counted at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) buckets: Arc<Buckets>,
    pub(crate) counts: Vec<u64>,
    pub(crate) sum: f64,
    /// One for each bucket, or none at all.
    pub(crate) exemplars: Vec<Option<Exemplar>>,
}

impl Snapshot {
    /// Put together from what was counted elsewhere; `counts` has one count for each bucket, not added up.
    pub fn new(buckets: impl Into<Arc<Buckets>>, counts: Vec<u64>, sum: f64) -> Self {
        Self { buckets: buckets.into(), counts, sum, exemplars: Vec::new() }
    }

    /// The buckets.
    pub fn buckets(&self) -> &Buckets {
        &self.buckets
    }

    /// How many values fell into each bucket, the last of which has no bound.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Adds what another one with the same buckets has counted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum = sum.wrapping_add(*count));
        self.sum += other.sum;
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.wrapping_add(*count))
    }

    /// What they come to together.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The exemplar of a bucket.
    pub fn exemplar(&self, bucket: usize) -> Option<&Exemplar> {
        self.exemplars.get(bucket)?.as_ref()
    }
}
