use std::time::Duration;

use super::{
    AdaptiveLimitConfig, Algorithm, aimd,
    gradient::Gradient,
    window::{ENOUGH, ROOM, SHORTEST, Sample, Window},
};
use crate::clock::Instant;

/// Collects what was timed and moves the limit by it. Pure: the time comes in as an argument.
#[derive(Debug)]
pub(super) struct Controller {
    window: Window,
    gradient: Gradient,
    /// The limit with its fraction.
    limit: f64,
    /// The median of the last window in nanoseconds; zero before the first.
    latency: f64,
    /// One call in `2^power` is timed.
    power: u32,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// How many calls may be in flight now.
    pub(super) limit: u32,
    pub(super) numbers: Numbers,
    /// One call in two to that power is to be timed.
    pub(super) power: u32,
}

/// What is measured, for whoever looks on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Numbers {
    /// The median of the last window, in nanoseconds.
    pub(super) latency: f64,
    /// What a call takes that does not wait for others, in nanoseconds.
    pub(super) baseline: f64,
    /// By what the limit was last multiplied.
    pub(super) gradient: f64,
}

impl Controller {
    pub(super) const fn new(config: &AdaptiveLimitConfig) -> Self {
        Self {
            window: Window::new(),
            gradient: Gradient::new(),
            limit: config.first_limit() as f64,
            latency: 0.0,
            power: 0,
        }
    }

    /// Adds a timed call; what has changed, if the window is complete with it.
    pub(super) fn record(
        &mut self,
        config: &AdaptiveLimitConfig,
        sample: Sample,
        now: Instant,
    ) -> Option<Step> {
        let threshold = config.latency_threshold.filter(|_| config.algorithm == Algorithm::Aimd);
        self.window.record(sample, self.latency, threshold, now);
        let (calls, age) = (self.window.calls(), self.window.age(now));
        // A change shows in the latencies only when the calls admitted since have ended.
        let span = SHORTEST.max(Duration::from_nanos(self.latency as u64));
        if age < span {
            return None;
        }
        if calls < ENOUGH {
            // There is less to time than there was.
            let too_few = self.power > 0 && age > 2 * span;
            return too_few.then(|| {
                self.power = power_for(calls, self.power, span, age).min(self.power);
                self.step(config)
            });
        }
        self.power = power_for(calls, self.power, span, age);
        let summary = self.window.close();
        if let Some(latency) = summary.latency {
            self.latency = latency;
        }
        self.limit = match config.algorithm {
            Algorithm::Gradient => self.gradient.next(config, self.limit, &summary),
            Algorithm::Aimd => aimd::next(config, self.limit, &summary),
        };
        Some(self.step(config))
    }

    /// Follows a configuration that has changed.
    pub(super) fn follow(&mut self, config: &AdaptiveLimitConfig) -> Step {
        self.limit = self.limit.clamp(f64::from(config.min), f64::from(config.max));
        if config.algorithm == Algorithm::Aimd {
            self.gradient = Gradient::new();
        }
        self.step(config)
    }

    /// Back to how it started.
    pub(super) fn reset(&mut self, config: &AdaptiveLimitConfig) -> Step {
        self.window.clear();
        self.gradient = Gradient::new();
        (self.limit, self.latency, self.power) = (f64::from(config.first_limit()), 0.0, 0);
        self.step(config)
    }

    fn step(&self, config: &AdaptiveLimitConfig) -> Step {
        let limit = self.gradient.probing().unwrap_or(self.limit);
        let (baseline, gradient) = (self.gradient.baseline(), self.gradient.last());
        Step {
            limit: (limit as u32).clamp(config.min, config.max),
            numbers: Numbers { latency: self.latency, baseline, gradient },
            power: self.power,
        }
    }
}

/// How few calls may be timed so that the next window is still full, by how many there were in this one.
fn power_for(calls: u32, power: u32, span: Duration, age: Duration) -> u32 {
    let age = age.as_secs_f64().max(f64::MIN_POSITIVE);
    let expected = f64::from(calls) * 2_f64.powi(power.cast_signed()) * span.as_secs_f64() / age;
    let spare = expected / ROOM as f64;
    if spare < 2.0 { 0 } else { (spare.log2() as u32).min(MOST_POWER) }
}

/// At least one call in a million is timed.
const MOST_POWER: u32 = 20;
