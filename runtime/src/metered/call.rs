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
        let call = ManuallyDrop::new(self);
        settle(call.series, call.started, outcome);
    }
}

#[inline]
fn settle(series: &Series, started: Instant, outcome: Outcome) {
    series.end(outcome, clock::now().as_nanos().saturating_sub(started.as_nanos()));
}

impl Drop for MeteredCall<'_> {
    #[cold]
    fn drop(&mut self) {
        let outcome = if std::thread::panicking() { Outcome::Panic } else { Outcome::Cancelled };
        settle(self.series, self.started, outcome);
    }
}

impl fmt::Debug for MeteredCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeteredCall").field("started", &self.started).finish_non_exhaustive()
    }
}
