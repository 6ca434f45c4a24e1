use std::{fmt, mem::ManuallyDrop};

use super::{Outcome, series::Series};
use crate::clock::{self, Instant};

/// A metered call that runs; it ends exactly once.
///
/// Say how it ended by [`end`](Self::end). Dropped instead, it was cancelled; dropped by a panic, it panicked.
#[must_use = "a call that is dropped at once counts as cancelled"]
pub struct MeteredCall<'a> {
    series: &'a Series,
    started: Instant,
}

impl<'a> MeteredCall<'a> {
    #[inline]
    pub(super) fn new(series: &'a Series) -> Self {
        series.begin();
        Self { series, started: clock::now() }
    }

    /// Says how it ended.
    #[inline]
    pub fn end(self, outcome: Outcome) {
        ManuallyDrop::new(self).settle(outcome);
    }

    #[inline]
    fn settle(&self, outcome: Outcome) {
        let nanos = clock::now().as_nanos().saturating_sub(self.started.as_nanos());
        self.series.end(outcome, nanos);
    }
}

impl Drop for MeteredCall<'_> {
    fn drop(&mut self) {
        self.settle(if std::thread::panicking() { Outcome::Panic } else { Outcome::Cancelled });
    }
}

impl fmt::Debug for MeteredCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeteredCall").field("started", &self.started).finish_non_exhaustive()
    }
}
