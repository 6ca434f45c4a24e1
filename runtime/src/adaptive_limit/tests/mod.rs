mod configuring;
mod gradient;
mod learning;
mod model;
mod steering;
mod threads;

use std::time::Duration;

use super::{AdaptiveLimit, AdaptiveLimitConfig, Outcome, Permit, Priority};
use crate::clock::ManualClock;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn limit(config: AdaptiveLimitConfig) -> AdaptiveLimit {
    config.build("test").unwrap()
}

fn enter(limit: &AdaptiveLimit) -> Permit<'_> {
    limit.try_enter(Priority::Critical).unwrap()
}

/// As many calls at once as may be, which all take that long and end like that; how many those were.
fn wave(limit: &AdaptiveLimit, clock: &ManualClock, takes: Duration, outcome: Outcome) -> u32 {
    let permits: Vec<_> = std::iter::from_fn(|| limit.try_enter(Priority::Critical).ok()).collect();
    clock.advance(takes);
    let calls = permits.len() as u32;
    permits.into_iter().for_each(|permit| permit.settle(outcome));
    calls
}
