use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// What the exporter tells the guard, and the guard the exporter.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    delivered: AtomicU64,
    rejected: AtomicU64,
    /// When all must be over, once that is known.
    end: OnceLock<Instant>,
}

impl Tally {
    pub(crate) fn taken(&self, delivered: u64, rejected: u64) {
        self.delivered.fetch_add(delivered, Ordering::Relaxed);
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
    }

    /// How many spans a collector has, and how many it did not want.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.delivered.load(Ordering::Relaxed), self.rejected.load(Ordering::Relaxed))
    }

    /// Lets nothing begin after `deadline` from now. The first word counts.
    pub(crate) fn end_within(&self, deadline: Duration) {
        if let Some(end) = Instant::now().checked_add(deadline) {
            let _ = self.end.set(end);
        }
    }

    /// How much time there is.
    pub(crate) fn left(&self) -> Duration {
        self.end.get().map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
