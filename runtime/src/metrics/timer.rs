use std::{fmt, time::Duration};

use super::{Histogram, Observe};
use crate::clock::{self, Instant};

/// Measures the time until it is dropped, and observes it in seconds.
///
/// It follows the policies' clock, so tests can move it.
#[must_use = "the time is taken when this is dropped"]
pub struct Timer<'a, M: Observe + ?Sized> {
    metric: Option<&'a M>,
    start: Instant,
}

impl<'a, M: Observe + ?Sized> Timer<'a, M> {
    /// Starts now.
    #[inline]
    pub fn start(metric: &'a M) -> Self {
        Self { metric: Some(metric), start: clock::now() }
    }

    /// Ends now, and gives the time it took.
    pub fn stop(mut self) -> Duration {
        let metric = self.metric.take();
        let took = clock::now().saturating_since(self.start);
        if let Some(metric) = metric {
            metric.observe(took.as_secs_f64());
        }
        took
    }

    /// Ends without having measured anything.
    pub fn discard(mut self) {
        self.metric = None;
    }
}

impl<M: Observe + ?Sized> Drop for Timer<'_, M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(metric) = self.metric {
            metric.observe(clock::now().saturating_since(self.start).as_secs_f64());
        }
    }
}

impl<M: Observe + ?Sized> fmt::Debug for Timer<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer").field("start", &self.start).finish_non_exhaustive()
    }
}

impl Histogram {
    /// Measures until what this gives is dropped.
    ///
    /// ```
    /// use mainstay_runtime::metrics::{Buckets, Histogram};
    ///
    /// let queries = Histogram::new(Buckets::seconds());
    /// {
    ///     let _timer = queries.time();
    ///     // … the query
    /// }
    /// assert_eq!(queries.snapshot().count(), 1);
    /// ```
    #[inline]
    pub fn time(&self) -> Timer<'_, Self> {
        Timer::start(self)
    }
}
