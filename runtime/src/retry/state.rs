use std::time::Duration;

use super::{Decision, RetryConfig, totals::Total};
use crate::clock::{Instant, nanos};

/// The attempts of one call so far. Pure: it is told the configuration, the time and the roll of the dice.
///
/// As small as can be, because it lies in the future of every call that may be retried.
#[derive(Debug, Clone, Copy)]
pub struct Attempts {
    pub(super) made: u32,
    /// Which configuration they are made under: a call that is in flight while another is put in force goes on under its own.
    pub(super) reading: u32,
}

/// What comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Its answer is the call's answer.
    Answer,
    /// So it is, although another try might have helped; what it was out of.
    Exhausted(Total),
    /// Another attempt after this wait.
    Again(Duration),
}

impl RetryConfig {
    /// When the time of a call that begins now starts to count: never where it is not limited. `now` is asked only if
    /// it is.
    #[inline]
    pub(crate) fn start(&self, now: impl FnOnce() -> Instant) -> Instant {
        if self.max_elapsed.is_some() { now() } else { Instant::NEVER }
    }
}

impl Attempts {
    /// Not looked at yet: what is in force when the first attempt fails is what counts.
    pub(super) const UNREAD: u32 = u32::MAX;
    /// No attempt yet.
    pub const NONE: Self = Self { made: 0, reading: Self::UNREAD };

    /// Whether the attempt being made is the last permitted one.
    #[inline]
    pub fn is_last(&self, config: &RetryConfig) -> bool {
        self.number() >= config.max_attempts
    }

    /// The attempt being made; the first is 1.
    #[inline]
    pub fn number(&self) -> u32 {
        self.made.saturating_add(1)
    }

    /// Counts an attempt and says what follows. `started` is what [`RetryConfig::start`] gave, `deadline` the end of a
    /// time limit around all attempts; `now` is asked only where a limit exists; `roll(n)` gives a number from 0 to `n`.
    pub(crate) fn next(
        &mut self,
        config: &RetryConfig,
        started: Instant,
        decision: Decision,
        deadline: Option<Instant>,
        now: impl FnOnce() -> Instant,
        roll: impl FnOnce(u64) -> u64,
    ) -> Next {
        self.made = self.number();
        let Decision::Again { floor } = decision else { return Next::Answer };
        if self.made >= config.max_attempts {
            return Next::Exhausted(Total::OutOfAttempts);
        }
        let grown = config.backoff.nanos(self.made, config.initial_delay, config.exponential_base);
        let wait = config.jitter.apply(grown.min(nanos(config.max_delay)), roll);
        let wait = Duration::from_nanos(wait).max(floor.unwrap_or(Duration::ZERO));
        if config.max_elapsed.is_none() && deadline.is_none() {
            return Next::Again(wait);
        }

        let budget_end = config.max_elapsed.map_or(Instant::NEVER, |limit| started + limit);
        let end = budget_end.min(deadline.unwrap_or(Instant::NEVER));
        if now() + wait >= end { Next::Exhausted(Total::OutOfTime) } else { Next::Again(wait) }
    }
}
