//! By how much longer calls take than they would alone.
//!
//! The rule is that of `Gradient2Limit` of Netflix's concurrency-limits, with the headroom of Envoy's adaptive concurrency
//! filter: `limit × gradient + √limit`, where the gradient is what a call takes alone, half as much again for tolerance, over
//! what calls take now. What a call takes alone is measured, as Envoy does, by letting fewer in for a moment; here a third of
//! the limit instead of a few calls, and sooner where the latency does not follow the limit down.

use super::{AdaptiveLimitConfig, window::Summary};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gradient {
    /// What a call takes that waits for no other, in nanoseconds; zero before the first window.
    baseline: f64,
    /// What the limit was last multiplied by.
    last: f64,
    /// Windows at the limit since the baseline was last measured.
    windows: u32,
    /// How many of the latest had a steep gradient.
    steep: u32,
    /// How many of those ask for a probe: twice as many each time that one has shown nothing new.
    patience: u32,
    probe: Option<Probe>,
    /// Whether no call has waited for another yet, so that nothing is known of where the limit should be.
    searching: bool,
}

/// A moment at a part of the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Probe {
    limit: f64,
    /// The latency before it.
    before: f64,
    /// Whether the calls admitted before it have ended.
    settled: bool,
}

/// How much longer than alone calls may take before the limit falls.
const TOLERANCE: f64 = 1.5;
/// The limit is at most halved at once.
const STEEPEST: f64 = 0.5;
/// What the limit is multiplied by until calls wait for one another for the first time: half as much again, smoothed.
const SEARCH: f64 = 2.0;
/// A gradient below this means that they do, and is no accident of few samples.
const SEARCH_ENDS: f64 = 0.8;
/// How much of a new value is taken over at once.
const SMOOTHING: f64 = 0.5;
/// The same for the baseline.
const BASELINE_SMOOTHING: f64 = 0.1;
/// After how many windows at the limit the baseline is measured again: ten seconds of the shortest ones.
const PROBE_AFTER: u32 = 100;
/// The same after a probe that has found much lower latencies.
const PROBE_AGAIN_AFTER: u32 = 20;
/// A gradient below this is steep, and so many of them in a row ask for a probe.
const STEEP: f64 = 0.7;
const STEEP_WINDOWS: u32 = 3;
/// What a probe leaves of the limit: little enough that the line is gone, as the limit settles at less than twice what keeps
/// the servers busy, and a baseline that was measured too high finds itself lower each time.
const PROBE_SHARE: f64 = 1.0 / 3.0;
/// With so many fewer calls in flight, a latency that stays above this share is not of their making.
const UNMOVED: f64 = 0.8;

impl Gradient {
    pub(super) const fn new() -> Self {
        Self {
            baseline: 0.0,
            last: 1.0,
            windows: 0,
            steep: 0,
            patience: STEEP_WINDOWS,
            probe: None,
            searching: true,
        }
    }

    pub(super) const fn baseline(&self) -> f64 {
        self.baseline
    }

    pub(super) const fn last(&self) -> f64 {
        self.last
    }

    /// How many may be in flight during a probe.
    pub(super) fn probing(&self) -> Option<f64> {
        self.probe.map(|probe| probe.limit * PROBE_SHARE)
    }

    /// The limit after a window.
    pub(super) fn next(&mut self, config: &AdaptiveLimitConfig, limit: f64, window: &Summary) -> f64 {
        let (least, most) = (f64::from(config.min), f64::from(config.max));
        if let Some(latency) = window.latency
            && self.end_probe(latency)
        {
            return limit.clamp(least, most);
        }
        let in_force = self.probing().unwrap_or(limit);
        if !window.is_limited(in_force) {
            // Nobody waits for others of ours: this is what calls take.
            self.probe = None;
            if let Some(latency) = window.latency {
                self.approach(latency);
                self.last = (TOLERANCE * self.baseline / latency).clamp(STEEPEST, 1.0);
            }
            (self.windows, self.steep) = (0, 0);
            return limit.clamp(least, most);
        }
        if self.probe.is_some() {
            return limit.clamp(least, most);
        }
        let done = 1.0 - f64::from(window.overloads) / f64::from(window.calls.max(1));
        let latency = window.latency.unwrap_or(self.baseline);
        if self.searching || latency < self.baseline || limit <= least {
            self.approach(latency);
        }
        let slower = if latency > 0.0 { TOLERANCE * self.baseline / latency } else { 1.0 };
        self.last = (slower.min(1.0) * done).max(STEEPEST);
        if self.last == 1.0 {
            self.patience = STEEP_WINDOWS;
        }
        self.searching &= self.last > SEARCH_ENDS;
        let next = if self.searching { limit * SEARCH } else { limit * self.last + limit.sqrt() * done };
        let next = (limit + SMOOTHING * (next - limit)).clamp(least, most);
        self.searching &= next < most;
        self.windows += 1;
        self.steep = if self.last < STEEP { self.steep + 1 } else { 0 };
        if self.windows >= PROBE_AFTER || self.steep >= self.patience {
            (self.windows, self.steep) = (0, 0);
            self.probe = Some(Probe { limit: next, before: latency, settled: false });
        }
        next
    }

    /// Takes in a window of a probe; whether there was one to take in.
    fn end_probe(&mut self, latency: f64) -> bool {
        let Some(probe) = &mut self.probe else { return false };
        if !probe.settled {
            probe.settled = true;
            return true;
        }
        let unmoved = latency >= UNMOVED * probe.before;
        self.patience = if unmoved { STEEP_WINDOWS } else { (2 * self.patience).min(PROBE_AFTER) };
        if unmoved || latency < self.baseline {
            // Lower by much, it may not have come down all the way.
            let soon = latency < UNMOVED * self.baseline;
            self.windows = if soon { PROBE_AFTER - PROBE_AGAIN_AFTER } else { 0 };
            self.baseline = latency;
        } else if latency <= TOLERANCE * self.baseline {
            self.baseline += SMOOTHING * (latency - self.baseline);
        }
        self.probe = None;
        true
    }

    fn approach(&mut self, latency: f64) {
        if self.baseline == 0.0 {
            self.baseline = latency;
        }
        self.baseline += BASELINE_SMOOTHING * (latency - self.baseline);
    }
}
