use std::time::Duration;

use super::{Sample, Tally};
use crate::clock::Instant;

/// The outcomes of the last so long, counted by steps.
///
/// The first outcome starts the first step. An outcome leaves with its step, between 19 and 20 steps later.
#[derive(Debug)]
pub(in crate::circuit_breaker) struct TimeWindow {
    steps: Vec<Step>,
    span: u64,
    origin: Instant,
    /// The number of the latest step, from `origin`.
    latest: u64,
    tally: Tally,
}

pub(super) const STEPS: u64 = 20;

#[derive(Debug, Clone, Copy, Default)]
struct Step {
    total: u32,
    failures: u32,
    slow: u32,
}

impl TimeWindow {
    pub(super) const fn new(span: Duration) -> Self {
        let span = span.as_nanos();
        let span = if span > u64::MAX as u128 { u64::MAX } else { span as u64 };
        Self { steps: Vec::new(), span, origin: Instant::ZERO, latest: 0, tally: Tally::EMPTY }
    }

    pub(super) fn record(&mut self, sample: Sample, now: Instant) -> Tally {
        if self.steps.is_empty() {
            self.steps = vec![Step::default(); STEPS as usize];
        }
        self.slide(now);
        if self.tally == Tally::EMPTY {
            self.origin = now;
            self.latest = 0;
        }
        let Some(step) = self.steps.get_mut((self.latest % STEPS) as usize) else { return self.tally };
        if step.total < u32::MAX {
            step.total += 1;
            step.failures += u32::from(sample.failed);
            step.slow += u32::from(sample.slow);
            self.tally.add(sample);
        }
        self.tally
    }

    pub(super) fn tally(&mut self, now: Instant) -> Tally {
        self.slide(now);
        self.tally
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tally == Tally::EMPTY
    }

    pub(super) fn clear(&mut self) {
        self.steps.fill(Step::default());
        self.tally = Tally::EMPTY;
    }

    /// Lets go of the steps that are too old. A thread that read the clock a little earlier than another counts in
    /// the latest step; a clock that has gone back further than the whole window starts afresh.
    fn slide(&mut self, now: Instant) {
        if self.tally == Tally::EMPTY {
            return;
        }
        let passed = now.as_nanos().saturating_sub(self.origin.as_nanos());
        let step = passed.saturating_mul(STEPS) / self.span.max(1);
        let behind = self.origin.as_nanos().saturating_sub(now.as_nanos()) > self.span;
        if behind || step >= self.latest + STEPS || step + STEPS < self.latest {
            return self.clear();
        }
        while self.latest < step {
            self.latest += 1;
            let Some(oldest) = self.steps.get_mut((self.latest % STEPS) as usize) else { return };
            let Step { total, failures, slow } = std::mem::take(oldest);
            self.tally.subtract(Tally { total: total.into(), failures: failures.into(), slow: slow.into() });
        }
    }
}
