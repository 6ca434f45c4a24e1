use std::time::Duration;

use super::{
    CircuitBreakerConfig, Window,
    window::{Sample, Samples, Tally},
    word::{Effect, Phase},
};
use crate::clock::Instant;

/// The breaker's machine: pure, so that it can be tested alone. It is told the time and tells what it decides.
///
/// Failures in a row are not counted here but in the shared word, where a success need not wait for a lock.
#[derive(Debug)]
pub(super) struct Machine {
    phase: Phase,
    /// How long the present or next opening lasts.
    period: Duration,
    until: Instant,
    probes_in_flight: u32,
    probes_passed: u32,
    samples: Option<Samples>,
    /// What the samples are taken by.
    sampling: (Option<Window>, Option<Duration>),
}

/// What becomes of a call that wants in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// It runs, and its outcome counts.
    Closed,
    /// It runs as a probe.
    Probe,
    /// It is refused; the time left, where that is known.
    Refused(Option<Duration>),
}

/// How a probe ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProbeEnd {
    Passed,
    Failed,
    /// It says nothing; somebody else may have its place.
    Void,
}

impl Machine {
    pub(super) const fn new(config: &CircuitBreakerConfig) -> Self {
        Self {
            phase: Phase::Closed,
            period: config.timeout,
            until: Instant::ZERO,
            probes_in_flight: 0,
            probes_passed: 0,
            samples: match config.window {
                Some(window) => Some(Samples::new(window)),
                None => None,
            },
            sampling: (config.window, config.slow_call),
        }
    }

    /// Goes by another configuration from now on. An open period under way ends as it was begun. `false` if what was
    /// recorded, and the probes in flight, mean nothing under it and are forgotten: with another `window` or `slow_call`.
    pub(super) fn adopt(&mut self, config: &CircuitBreakerConfig) -> bool {
        if self.phase == Phase::Closed {
            self.period = config.timeout;
        }
        let sampling = (config.window, config.slow_call);
        if self.sampling == sampling {
            return true;
        }
        self.sampling = sampling;
        self.samples = config.window.map(Samples::new);
        self.enter(self.phase);
        false
    }

    /// How long the present or next opening lasts.
    pub(super) fn period(&self) -> Duration {
        self.period
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// The end of the open period.
    pub(super) fn until(&self) -> Instant {
        self.until
    }

    /// Decides about a call. When the open period is over, the first one makes the breaker half-open.
    pub(super) fn admit(&mut self, config: &CircuitBreakerConfig, now: Instant) -> Admission {
        if self.phase == Phase::Open {
            // Only a clock that was set back shows more time than there ever was.
            if self.until.saturating_since(now) > self.period {
                self.until = now + self.period;
            }
            let left = self.until.saturating_since(now);
            if !left.is_zero() {
                return Admission::Refused(Some(left));
            }
            self.enter(Phase::HalfOpen);
        }
        match self.phase {
            Phase::HalfOpen if self.probes_in_flight >= config.probes() => Admission::Refused(None),
            Phase::HalfOpen => {
                self.probes_in_flight += 1;
                Admission::Probe
            }
            Phase::Closed | Phase::Open => Admission::Closed,
        }
    }

    /// Adds the outcome of a call that ran while closed, where there is a window; whether it opens the breaker.
    /// `run` is the failures in a row up to this one. A count window does not look at `now`.
    pub(super) fn record(
        &mut self,
        config: &CircuitBreakerConfig,
        sample: Sample,
        run: u32,
        now: Instant,
    ) -> bool {
        let Some(samples) = &mut self.samples else { return false };
        let tally = samples.record(sample, now);
        if config.run_limit().is_some_and(|limit| run >= limit) {
            return true;
        }
        tally.total >= u64::from(config.minimum())
            && (tally.reaches(tally.failures, config.failure_rate)
                || tally.reaches(tally.slow, config.slow_rate()))
    }

    /// Adds successes that were not slow to a window by number, where they can open nothing.
    pub(super) fn record_successes(&mut self, successes: u32) {
        if let Some(samples) = &mut self.samples {
            samples.record_successes(successes);
        }
    }

    /// What a success that was not slow would do to the window.
    ///
    /// Where the rates have been looked at and not been reached, it takes neither further: it adds to all and never
    /// to a part of it. Where the window is full of its like, it replaces one of them.
    pub(super) fn effect_of_success(&mut self, config: &CircuitBreakerConfig) -> Effect {
        let (Some(Window::Count(calls)), _) = self.sampling else { return config.first_effect() };
        let tally = self.tally(Instant::ZERO);
        let all_well = tally == Tally { total: u64::from(calls), failures: 0, slow: 0 };
        if all_well && !config.tells_time() {
            Effect::None
        } else if tally.total >= u64::from(config.minimum()) {
            Effect::Deferred
        } else {
            Effect::Immediate
        }
    }

    /// Takes back the place of a probe and follows what it found.
    pub(super) fn end_probe(&mut self, config: &CircuitBreakerConfig, end: ProbeEnd, now: Instant) {
        self.probes_in_flight = self.probes_in_flight.saturating_sub(1);
        match end {
            ProbeEnd::Void => {}
            ProbeEnd::Passed => {
                self.probes_passed += 1;
                if self.probes_passed >= config.success_threshold {
                    self.close(config);
                }
            }
            ProbeEnd::Failed => {
                // The period was perhaps begun under other options than it ends by.
                self.period = match config.max_timeout {
                    Some(longest) => self.period.saturating_mul(2).min(longest).max(config.timeout),
                    None => config.timeout,
                };
                self.open(now);
            }
        }
    }

    /// Opens it for the period that is due.
    pub(super) fn open(&mut self, now: Instant) {
        self.enter(Phase::Open);
        self.until = now + self.period;
    }

    /// Closes it; the next opening lasts as long as the first.
    pub(super) fn close(&mut self, config: &CircuitBreakerConfig) {
        self.enter(Phase::Closed);
        self.period = config.timeout;
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.probes_in_flight = 0;
        self.probes_passed = 0;
        if let Some(samples) = &mut self.samples {
            samples.clear();
        }
    }

    /// What the window holds; nothing where there is none.
    pub(super) fn tally(&mut self, now: Instant) -> Tally {
        self.samples.as_mut().map_or(Tally::EMPTY, |samples| samples.tally(now))
    }

    /// Whether it knows nothing that a new one would not.
    pub(super) fn is_blank(&self) -> bool {
        self.phase == Phase::Closed && self.samples.as_ref().is_none_or(Samples::is_empty)
    }
}
