//! What the runs of a check come to.

use std::time::Duration;

use super::HealthStatus;
use crate::{
    metrics::{Buckets, Histogram},
    observe::Counter,
};

pub(super) struct Runs {
    ended: [Counter; 3],
    pub(super) durations: Histogram,
}

impl Runs {
    pub(super) const STATUSES: [HealthStatus; 3] =
        [HealthStatus::Healthy, HealthStatus::Degraded, HealthStatus::Unhealthy];

    pub(super) fn new() -> Self {
        Self { ended: Default::default(), durations: Histogram::new(Buckets::fine_seconds()) }
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
