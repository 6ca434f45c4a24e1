use std::time::Duration;

use super::Outcome;
use crate::clock::{self, Instant};

/// The calls that were timed lately, until there are enough of them to judge by.
#[derive(Debug)]
pub(super) struct Window {
    opened: Instant,
    /// In nanoseconds: the latest that fit.
    latencies: [u64; ROOM],
    kept: usize,
    calls: u32,
    overloads: u32,
    slow: u32,
    busiest: u32,
}

/// How many latencies are kept: enough that the median even of exponential ones is known to a tenth.
pub(super) const ROOM: usize = 128;
/// How many calls make a window.
pub(super) const ENOUGH: u32 = 20;
/// How long a window lasts at least.
pub(super) const SHORTEST: Duration = Duration::from_millis(100);

/// One timed call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) latency: Duration,
    pub(super) outcome: Outcome,
    /// How many were in flight when it ended, itself included.
    pub(super) in_flight: u32,
}

/// What a window comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Summary {
    /// The median latency in nanoseconds; `None` if no call had one that says something.
    pub(super) latency: Option<f64>,
    /// How many calls there were that say something.
    pub(super) calls: u32,
    /// How many of them were not done because there was too much to do.
    pub(super) overloads: u32,
    /// How many others took longer than they should.
    pub(super) slow: u32,
    /// The most that were in flight.
    pub(super) busiest: u32,
}

impl Window {
    pub(super) const fn new() -> Self {
        Self {
            opened: Instant::NEVER,
            latencies: [0; ROOM],
            kept: 0,
            calls: 0,
            overloads: 0,
            slow: 0,
            busiest: 0,
        }
    }

    pub(super) const fn calls(&self) -> u32 {
        self.calls
    }

    /// How long it has been open.
    pub(super) fn age(&self, now: Instant) -> Duration {
        now.saturating_since(self.opened)
    }

    /// Adds a call. A call that was given up has a latency if it took longer than `usual`: it would have taken longer still.
    /// One that took longer than `threshold` is slow.
    pub(super) fn record(&mut self, sample: Sample, usual: f64, threshold: Option<Duration>, now: Instant) {
        if sample.outcome == Outcome::Ignored {
            return;
        }
        // Also where the clock was set back.
        if self.calls == 0 || self.opened > now {
            self.opened = now;
        }
        self.calls = self.calls.saturating_add(1);
        self.busiest = self.busiest.max(sample.in_flight);
        let nanos = clock::nanos(sample.latency);
        if sample.outcome == Outcome::Overload {
            self.overloads = self.overloads.saturating_add(1);
            if nanos as f64 <= usual {
                return;
            }
        } else if threshold.is_some_and(|threshold| sample.latency > threshold) {
            self.slow = self.slow.saturating_add(1);
        }
        if let Some(latency) = self.latencies.get_mut(self.kept % ROOM) {
            *latency = nanos;
        }
        self.kept = self.kept.wrapping_add(1);
    }

    /// What it comes to; it is empty then.
    pub(super) fn close(&mut self) -> Summary {
        let kept = self.kept.min(ROOM);
        let latency = self.latencies.get_mut(..kept).filter(|kept| !kept.is_empty()).map(|kept| {
            let (_, median, _) = kept.select_nth_unstable(kept.len() / 2);
            *median as f64
        });
        let Self { calls, overloads, slow, busiest, .. } = *self;
        self.clear();
        Summary { latency, calls, overloads, slow, busiest }
    }

    pub(super) fn clear(&mut self) {
        (self.kept, self.calls, self.overloads, self.slow, self.busiest) = (0, 0, 0, 0, 0);
    }
}
