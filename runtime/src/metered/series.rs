use std::sync::Arc;

use super::{
    MeteredConfig, Outcome,
    outcome::{ERROR_TYPES, OUTCOMES},
};
use crate::{
    metrics::{Buckets, Exemplars, LabelSet, Row, Rows, Snapshot},
    trace,
};

/// What is counted of the calls with one set of labels. All of a call's numbers lie in one row, which one thread writes.
#[derive(Debug)]
pub(super) struct Series {
    /// The labels besides the function's name.
    pub(super) labels: Vec<(&'static str, String)>,
    rows: Rows,
    buckets: Arc<Buckets>,
    /// The same in nanoseconds: a duration is compared as it is measured, and one that is exactly a bound falls below it.
    in_nanos: Buckets,
    exemplars: Exemplars,
}

/// The words of a row: calls begun, calls ended by outcome, nanoseconds, buckets, and errors by type.
const BEGUN: usize = 0;
const ENDED: usize = 1;
const NANOS: usize = ENDED + OUTCOMES.len();
const BUCKETS: usize = NANOS + 1;

impl Series {
    pub(super) fn new(config: &MeteredConfig, labels: Vec<(&'static str, String)>) -> Self {
        let buckets = Arc::new(config.made_buckets());
        let nanos = |bound: &f64| bound * 1e9;
        let in_nanos = Buckets::new(buckets.bounds().iter().map(nanos).map(f64::round))
            .or_else(|_| Buckets::new(buckets.bounds().iter().map(nanos)))
            .unwrap_or_else(|_| Buckets::clone(&buckets));
        let words = BUCKETS + buckets.count() + ERROR_TYPES.len();
        Self { labels, rows: Rows::new(words), buckets, in_nanos, exemplars: Exemplars::new() }
    }

    /// A call begins.
    #[inline]
    pub(super) fn begin(&self) {
        match self.rows.own() {
            Some(row) => row.add(BEGUN, 1),
            None => self.rows.shared().add(BEGUN, 1),
        }
    }

    /// A call ends after so many nanoseconds.
    #[inline]
    pub(super) fn end(&self, outcome: Outcome, nanos: u64) {
        // No call takes three hundred years; half of the numbers are converted by one instruction.
        if let Some(row) = self.rows.own()
            && outcome == Outcome::Ok
            && let Some(bucket) = self.in_nanos.find_quickly(nanos.cast_signed() as f64)
        {
            row.add(ENDED + Outcome::Ok.index(), 1);
            row.add(NANOS, nanos);
            row.add(BUCKETS + bucket, 1);
            if trace::is_known() {
                self.offer(Outcome::Ok, nanos);
            }
        } else {
            self.end_with_care(outcome, nanos);
        }
    }

    #[inline(never)]
    fn end_with_care(&self, outcome: Outcome, nanos: u64) {
        match self.rows.own() {
            Some(row) => self.count(row, outcome, nanos),
            None => self.count(self.rows.shared(), outcome, nanos),
        }
        self.offer(outcome, nanos);
    }

    fn count(&self, row: impl Row, outcome: Outcome, nanos: u64) {
        row.add(ENDED + outcome.index(), 1);
        if outcome.is_timed() {
            row.add(NANOS, nanos);
            row.add(BUCKETS + self.in_nanos.find(nanos as f64), 1);
        }
        if let Some(index) = outcome.error_index() {
            row.add(BUCKETS + self.buckets.count() + index, 1);
        }
    }

    #[inline(never)]
    fn offer(&self, outcome: Outcome, nanos: u64) {
        if let Some(span) = trace::sampled()
            && outcome.is_timed()
        {
            self.exemplars.offer(&self.buckets, nanos as f64 / 1e9, span);
        }
    }

    pub(super) fn ended(&self, index: usize) -> u64 {
        self.rows.sum(ENDED + index)
    }

    pub(super) fn errors(&self, index: usize) -> u64 {
        self.rows.sum(BUCKETS + self.buckets.count() + index)
    }

    /// Calls that have begun and not ended.
    pub(super) fn in_flight(&self) -> u64 {
        // Ends first: a call that ends in between must not make the number negative.
        let ended = (0..OUTCOMES.len()).fold(0, |sum, index| self.ended(index).wrapping_add(sum));
        self.rows.sum(BEGUN).saturating_sub(ended)
    }

    pub(super) fn durations(&self) -> Snapshot {
        let counts = (0..self.buckets.count()).map(|bucket| self.rows.sum(BUCKETS + bucket)).collect();
        Snapshot {
            buckets: Arc::clone(&self.buckets),
            counts,
            sum: self.rows.sum(NANOS) as f64 / 1e9,
            exemplars: self.exemplars.get(),
        }
    }

    /// The labels of a line: the function, the call's own, and one more.
    pub(super) fn label_set(&self, function: &str, more: Option<(&'static str, &str)>) -> LabelSet {
        let own = self.labels.iter().map(|(name, value)| (*name, value.as_str()));
        LabelSet::new([("function", function)].into_iter().chain(own).chain(more))
    }
}
