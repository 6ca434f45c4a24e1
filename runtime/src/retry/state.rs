use std::time::Duration;

use super::{Decision, RetryConfig};
use crate::clock::{Instant, nanos};

/// The attempts of one call so far. Pure: it is told the time and the roll of the dice.
#[derive(Debug)]
pub struct Attempts<'c> {
    pub(super) config: &'c RetryConfig,
    started: Option<Instant>,
    pub(super) made: u32,
}

/// What comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Its answer is the call's answer.
    Answer,
    /// So it is, although another try might have helped.
    Exhausted,
    /// Another attempt after this wait.
    Again(Duration),
}

impl<'c> Attempts<'c> {
    /// No attempt yet. `now` is asked only if the configuration limits the time.
    #[inline]
    pub(crate) fn start(config: &'c RetryConfig, now: impl FnOnce() -> Instant) -> Self {
        Self { config, started: config.max_elapsed.map(|_| now()), made: 0 }
    }

    /// Whether the attempt being made is the last permitted one.
    #[inline]
    pub fn is_last(&self) -> bool {
        self.made.saturating_add(1) >= self.config.max_attempts
    }

    /// The attempt being made; the first is 1.
    pub fn number(&self) -> u32 {
        self.made.saturating_add(1)
    }

    /// Counts an attempt and says what follows. `deadline` is the end of a time limit around all attempts; `now` is
    /// asked only where a limit exists; `roll(n)` gives a number from 0 to `n`.
    pub(crate) fn next(
        &mut self,
        decision: Decision,
        deadline: Option<Instant>,
        now: impl FnOnce() -> Instant,
        roll: impl FnOnce(u64) -> u64,
    ) -> Next {
        self.made = self.made.saturating_add(1);
        let Decision::Again { floor } = decision else { return Next::Answer };
        if self.made >= self.config.max_attempts {
            return Next::Exhausted;
        }
        let config = self.config;
        let grown = config.backoff.nanos(self.made, config.initial_delay, config.exponential_base);
        let wait = config.jitter.apply(grown.min(nanos(config.max_delay)), roll);
        let wait = Duration::from_nanos(wait).max(floor.unwrap_or(Duration::ZERO));

        let budget_end = self.started.zip(config.max_elapsed).map(|(started, limit)| started + limit);
        let end = match (budget_end, deadline) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        match end {
            Some(end) if now() + wait >= end => Next::Exhausted,
            _ => Next::Again(wait),
        }
    }
}
