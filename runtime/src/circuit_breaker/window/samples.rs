use super::{count::CountWindow, time::TimeWindow};
use crate::{circuit_breaker::Window, clock::Instant};

/// An outcome that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::circuit_breaker) struct Sample {
    pub(in crate::circuit_breaker) failed: bool,
    pub(in crate::circuit_breaker) slow: bool,
}

/// What a window holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::circuit_breaker) struct Tally {
    pub(in crate::circuit_breaker) total: u64,
    pub(in crate::circuit_breaker) failures: u64,
    pub(in crate::circuit_breaker) slow: u64,
}

impl Tally {
    pub(in crate::circuit_breaker) const EMPTY: Self = Self { total: 0, failures: 0, slow: 0 };

    pub(super) fn add(&mut self, sample: Sample) {
        self.total += 1;
        self.failures += u64::from(sample.failed);
        self.slow += u64::from(sample.slow);
    }

    pub(super) fn subtract(&mut self, other: Self) {
        self.total -= other.total;
        self.failures -= other.failures;
        self.slow -= other.slow;
    }

    /// Whether so many of all are at least `rate`. A quotient of whole numbers is rounded as the literal of the rate
    /// was, so that equal is equal: 7 of 100 reach 0.07, while 0.07 × 100 is more than 7.
    pub(in crate::circuit_breaker) fn reaches(self, part: u64, rate: Option<f64>) -> bool {
        rate.is_some_and(|rate| part as f64 / self.total as f64 >= rate)
    }
}

/// The window of one breaker. It takes memory with the first outcome only.
#[derive(Debug)]
pub(in crate::circuit_breaker) enum Samples {
    /// The last so many outcomes.
    Count(CountWindow),
    /// The outcomes of the last so long.
    Time(TimeWindow),
}

impl Samples {
    pub(in crate::circuit_breaker) const fn new(window: Window) -> Self {
        match window {
            Window::Count(calls) => Self::Count(CountWindow::new(calls)),
            Window::Time(span) => Self::Time(TimeWindow::new(span)),
        }
    }

    /// Adds an outcome and tells what is in the window then. A count does not look at `now`.
    pub(in crate::circuit_breaker) fn record(&mut self, sample: Sample, now: Instant) -> Tally {
        match self {
            Self::Count(window) => window.record(sample),
            Self::Time(window) => window.record(sample, now),
        }
    }

    /// Adds so many successes that were not slow to a count. A window in time does not take them without their time.
    pub(in crate::circuit_breaker) fn record_successes(&mut self, successes: u32) {
        if let Self::Count(window) = self {
            window.record_successes(successes);
        }
    }

    /// What is in the window.
    pub(in crate::circuit_breaker) fn tally(&mut self, now: Instant) -> Tally {
        match self {
            Self::Count(window) => window.tally(),
            Self::Time(window) => window.tally(now),
        }
    }

    /// Whether nothing has been recorded since it was emptied.
    pub(in crate::circuit_breaker) fn is_empty(&self) -> bool {
        match self {
            Self::Count(window) => window.tally() == Tally::EMPTY,
            Self::Time(window) => window.is_empty(),
        }
    }

    pub(in crate::circuit_breaker) fn clear(&mut self) {
        match self {
            Self::Count(window) => window.clear(),
            Self::Time(window) => window.clear(),
        }
    }
}
