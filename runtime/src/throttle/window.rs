use std::time::Duration;

use super::ThrottleConfig;
use crate::clock::{self, Instant};

/// What became of calls: how many the server accepted, how many it rejected, how many were refused here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) refused: u64,
}

impl Tally {
    const NONE: Self = Self { accepted: 0, rejected: 0, refused: 0 };

    fn plus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted.wrapping_add(other.accepted),
            rejected: self.rejected.wrapping_add(other.rejected),
            refused: self.refused.wrapping_add(other.refused),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted.wrapping_sub(other.accepted),
            rejected: self.rejected.wrapping_sub(other.rejected),
            refused: self.refused.wrapping_sub(other.refused),
        }
    }

    /// The share of calls to refuse: `max(0, (requests − k·accepts) / (requests + 1))`, as in "Handling Overload" of
    /// Google's "Site Reliability Engineering".
    pub(super) fn rejection_rate(self, config: &ThrottleConfig) -> f64 {
        let requests = self.accepted + self.rejected + self.refused;
        if requests < u64::from(config.minimum_calls) {
            return 0.0;
        }
        let (requests, accepts) = (requests as f64, self.accepted as f64);
        ((requests - config.k * accepts) / (requests + 1.0)).clamp(0.0, config.max_rejection_rate)
    }
}

/// The calls of the last so long, counted by steps. Pure: the time and the totals come in as arguments.
#[derive(Debug)]
pub(super) struct Window {
    /// The steps that are over, in a ring.
    steps: [Tally; STEPS],
    /// Where the next step goes that is over.
    next: usize,
    sum: Tally,
    /// The totals when the present step began.
    base: Tally,
    began: Instant,
    step: u64,
}

/// The present one is the twentieth: a call leaves the window between 19 and 20 steps after it was counted.
const STEPS: usize = 19;

impl Window {
    pub(super) const fn new(config: &ThrottleConfig) -> Self {
        let step = step(config.window);
        Self {
            steps: [Tally::NONE; STEPS],
            next: 0,
            sum: Tally::NONE,
            base: Tally::NONE,
            began: Instant::NEVER,
            step,
        }
    }

    /// The start of the present step.
    pub(super) const fn began(&self) -> Instant {
        self.began
    }

    /// How long a step lasts, in nanoseconds.
    pub(super) const fn step(&self) -> u64 {
        self.step
    }

    /// Ends the steps that are over at `now`. A clock that was set back by more than a step starts the window afresh.
    pub(super) fn turn(&mut self, now: Instant, totals: Tally) {
        if self.began == Instant::NEVER || self.began.as_nanos().saturating_sub(now.as_nanos()) > self.step {
            return self.clear(now, totals);
        }
        let passed = now.as_nanos().saturating_sub(self.began.as_nanos()) / self.step;
        if passed > STEPS as u64 {
            return self.clear(now, totals);
        }
        for _ in 0..passed {
            let ended = totals.minus(self.base);
            self.base = totals;
            if let Some(oldest) = self.steps.get_mut(self.next) {
                self.sum = self.sum.minus(*oldest).plus(ended);
                *oldest = ended;
            }
            self.next = (self.next + 1) % STEPS;
            self.began = self.began + Duration::from_nanos(self.step);
        }
    }

    /// What is in the window.
    pub(super) fn tally(&self, totals: Tally) -> Tally {
        self.sum.plus(totals.minus(self.base))
    }

    /// Nothing is in the window, whatever has been counted.
    pub(super) fn clear(&mut self, now: Instant, totals: Tally) {
        self.steps = [Tally::NONE; STEPS];
        (self.next, self.sum, self.base, self.began) = (0, Tally::NONE, totals, now);
    }

    /// Follows a window of another length; what it holds is forgotten if it is another.
    pub(super) fn follow(&mut self, config: &ThrottleConfig, now: Instant, totals: Tally) {
        let step = step(config.window);
        if step != self.step {
            self.step = step;
            self.clear(now, totals);
        }
    }
}

const fn step(window: Duration) -> u64 {
    let step = clock::nanos(window) / (STEPS as u64 + 1);
    if step == 0 { 1 } else { step }
}
