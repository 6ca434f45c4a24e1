//! What the runs of a check come to.

use std::time::Duration;

use super::HealthStatus;
use crate::metrics::{Buckets, Histogram};
use crate::observe::Counter;

/// In seconds, from 1 µs to 1 s. Written out, as products would stand in labels with their rounding: `2.4999999999999998e-6`.
const BOUNDS: [f64; 19] = [
    1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 0.5, 1.0,
];

pub(super) struct Runs {
    ended: [Counter; 3],
    pub(super) durations: Histogram,
}

impl Runs {
    pub(super) const STATUSES: [HealthStatus; 3] =
        [HealthStatus::Healthy, HealthStatus::Degraded, HealthStatus::Unhealthy];

    pub(super) fn new() -> Self {
        // Known to be well formed.
        let bounds = Buckets::new(BOUNDS).unwrap_or_else(|_| Buckets::fine_seconds());
        Self { ended: Default::default(), durations: Histogram::new(bounds) }
    }

    pub(super) fn count(&self, status: HealthStatus, took: Duration) {
        if let Some(counter) = self.ended.get(status as usize) {
            counter.increment();
        }
        self.durations.observe_duration(took);
    }

    pub(super) fn ended(&self, status: HealthStatus) -> u64 {
        self.ended.get(status as usize).map_or(0, Counter::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_the_histogram_are_short_decimals() {
        let buckets = Buckets::new(BOUNDS).unwrap();
        assert!(buckets.texts().all(|text| text.len() <= 8), "{:?}", buckets.texts().collect::<Vec<_>>());
    }
}
