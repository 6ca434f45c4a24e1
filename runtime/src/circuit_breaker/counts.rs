use std::time::Duration;

use super::{
    CircuitBreaker, State,
    totals::{Sums, Total},
    word::{Mode, Phase},
};
use crate::{
    clock::{self, Instant},
    sync::Ordering,
};

/// Everything there is to know about a breaker at one moment.
///
/// The totals go back to when the breaker was made or last reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// The state.
    pub state: State,
    /// Calls that failed, in total.
    pub failure_count: u64,
    /// Calls that succeeded, in total.
    pub success_count: u64,
    /// Calls that said nothing about the dependency, cancelled ones among them, in total.
    pub ignored_count: u64,
    /// Calls that were refused, in total.
    pub rejected_count: u64,
    /// Failures since the last success in the present state.
    pub consecutive_failures: u32,
    /// When a call last failed.
    pub last_failure: Option<Instant>,
    /// While open: the time until probes are let through.
    pub time_left: Option<Duration>,
    /// Outcomes in the window.
    pub window_total: u64,
    /// Failures in the window.
    pub window_failures: u64,
    /// Slow calls in the window.
    pub window_slow: u64,
}

impl CircuitBreaker {
    /// The state. An open breaker becomes half-open with the first call after its open period, not by itself.
    pub fn state(&self) -> State {
        self.word().state()
    }

    /// Closed, open or half-open: the state, or the one it would be in while it only observes. Closed while it is
    /// disabled or forced open.
    pub fn observed_state(&self) -> State {
        self.word().machine_state()
    }

    /// Calls that failed since it was made or reset, in whatever state and however late.
    pub fn failure_count(&self) -> u64 {
        self.totals.get(Total::Failures)
    }

    /// Calls that succeeded since it was made or reset, in whatever state and however late.
    pub fn success_count(&self) -> u64 {
        self.totals.get(Total::Successes)
    }

    /// Successes, failures, ignored and rejected calls since it was made or reset.
    pub(crate) fn sums(&self) -> Sums {
        self.totals.sums()
    }

    /// Calls that were neither since it was made or reset: ignored, or cancelled where that does not count as a
    /// failure.
    pub fn ignored_count(&self) -> u64 {
        self.totals.get(Total::Ignored)
    }

    /// Calls that were refused since it was made or reset.
    pub fn rejected_count(&self) -> u64 {
        self.totals.get(Total::Rejected)
    }

    /// Failures since the last success while closed; a change of state starts at zero.
    pub fn consecutive_failures(&self) -> u32 {
        self.word().run()
    }

    /// When a call last failed, since it was made or reset.
    pub fn last_failure(&self) -> Option<Instant> {
        Some(self.last_failure.load()).filter(|at| *at != Instant::ZERO)
    }

    /// How long it refuses calls still; `None` unless it is open, zero when the next call is a probe.
    pub fn time_left(&self) -> Option<Duration> {
        let word = self.word();
        let open = word.phase() == Phase::Open && word.mode() == Mode::Normal;
        // More than the longest period is left only by a clock that was set back.
        let longest = Duration::from_nanos(self.longest.load(Ordering::Relaxed));
        open.then(|| self.open_until().saturating_since(clock::now()).min(longest))
    }

    /// All of it at once. Other threads may go on counting meanwhile.
    pub fn counts(&self) -> Counts {
        let mut locked = self.locked();
        self.follow(&mut locked);
        let unheard = self.word.update(|word| word.with_unheard(0)).unheard();
        locked.machine.record_successes(unheard);
        let window = locked.machine.tally(clock::now());
        drop(locked);
        Counts {
            state: self.state(),
            failure_count: self.failure_count(),
            success_count: self.success_count(),
            ignored_count: self.ignored_count(),
            rejected_count: self.rejected_count(),
            consecutive_failures: self.consecutive_failures(),
            last_failure: self.last_failure(),
            time_left: self.time_left(),
            window_total: window.total,
            window_failures: window.failures,
            window_slow: window.slow,
        }
    }
}
