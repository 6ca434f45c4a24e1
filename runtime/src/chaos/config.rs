use std::{fmt, time::Duration};

use super::{Chaos, Fate, draw};
use crate::{ConfigError, registry};

/// What a [`Chaos`] is made from: the options of `#[chaos]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::chaos::ChaosConfig;
///
/// let config = ChaosConfig::new().latency(Duration::from_millis(200)).latency_rate(0.1).error_rate(0.05);
/// assert_eq!(config.check(), Ok(()));
///
/// let wrong = ChaosConfig::new().latency_rate(0.1).check().unwrap_err();
/// assert_eq!(wrong.option(), "latency_rate");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChaosConfig {
    pub(super) latency: Duration,
    pub(super) latency_max: Option<Duration>,
    pub(super) latency_rate: f64,
    pub(super) error_rate: f64,
    pub(super) panic_rate: f64,
    pub(super) drop_rate: f64,
    pub(super) seed: Option<u64>,
    pub(super) after: bool,
}

/// What the sum of three shares may be off by.
const ROUNDING: f64 = 1e-9;

impl ChaosConfig {
    /// No faults yet.
    pub const fn new() -> Self {
        Self {
            latency: Duration::ZERO,
            latency_max: None,
            latency_rate: 0.0,
            error_rate: 0.0,
            panic_rate: 0.0,
            drop_rate: 0.0,
            seed: None,
            after: false,
        }
    }

    /// How much later a call is that is made late (default: none is).
    #[must_use]
    pub const fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The most that it may be: each late call draws its own delay from `latency` to this, evenly (default: all the same).
    #[must_use]
    pub const fn latency_max(mut self, most: Duration) -> Self {
        self.latency_max = Some(most);
        self
    }

    /// The share of calls that are made late, from 0 to 1 (default: 0). Of those that are let through as of those that are not.
    #[must_use]
    pub const fn latency_rate(mut self, share: f64) -> Self {
        self.latency_rate = share;
        self
    }

    /// The share of calls that fail, from 0 to 1 (default: 0).
    #[must_use]
    pub const fn error_rate(mut self, share: f64) -> Self {
        self.error_rate = share;
        self
    }

    /// The share of calls that panic, from 0 to 1 (default: 0).
    #[must_use]
    pub const fn panic_rate(mut self, share: f64) -> Self {
        self.panic_rate = share;
        self
    }

    /// The share of calls that never answer, from 0 to 1 (default: 0). A sync call, which nothing could end, fails instead.
    #[must_use]
    pub const fn drop_rate(mut self, share: f64) -> Self {
        self.drop_rate = share;
        self
    }

    /// What the faults are drawn from (default: a number drawn when it is switched on, which the log tells).
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Strikes when the body has run and not before: what it did is done, and its answer is lost.
    #[must_use]
    pub const fn after(mut self) -> Self {
        self.after = true;
        self
    }

    /// Whether it strikes [`after`](Self::after) the call.
    pub const fn is_after(&self) -> bool {
        self.after
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// A share is not between 0 and 1, those of errors, panics and drops are more than 1 together, calls are to be late by
    /// nothing, or `latency_max` is less than `latency`.
    pub const fn check(&self) -> Result<(), ConfigError> {
        let rates = [
            ("latency_rate", self.latency_rate),
            ("error_rate", self.error_rate),
            ("panic_rate", self.panic_rate),
            ("drop_rate", self.drop_rate),
        ];
        let mut at = 0;
        while at < rates.len() {
            let (option, share) = rates[at];
            if !(share >= 0.0 && share <= 1.0) {
                return Err(ConfigError::new(option, "a share of calls lies between 0 and 1, such as 0.1"));
            }
            at += 1;
        }
        if self.error_rate + self.panic_rate + self.drop_rate > 1.0 + ROUNDING {
            return Err(ConfigError::new(
                "error_rate",
                "a call has one end: `error_rate`, `panic_rate` and `drop_rate` are at most 1 together",
            ));
        }
        if self.latency_rate > 0.0 && self.latency.is_zero() && self.latency_max.is_none() {
            return Err(ConfigError::new("latency_rate", "late by how much? set `latency` too"));
        }
        if let Some(most) = self.latency_max
            && most.as_nanos() < self.latency.as_nanos()
        {
            return Err(ConfigError::new("latency_max", "the most is at least `latency`"));
        }
        Ok(())
    }

    /// What the `call`-th call, counted from 1, of the policy of that name meets under that seed. It follows from these and
    /// the options alone, so that what the log tells can be looked at again; [`Chaos`] says how.
    ///
    /// ```
    /// use mainstay_runtime::chaos::{ChaosConfig, Fate};
    ///
    /// let config = ChaosConfig::new().error_rate(0.25);
    /// let failed: Vec<u64> = (1..=20).filter(|call| config.fate("payments", 7, *call) != Fate::PASS).collect();
    /// assert_eq!(failed, (1..=20).filter(|call| config.fate("payments", 7, *call) == Fate::fail()).collect::<Vec<_>>());
    /// ```
    pub fn fate(&self, name: &str, seed: u64, call: u64) -> Fate {
        draw::fate(self, draw::stream(name, seed), call)
    }
}

registry::made!(ChaosConfig => Chaos::new, "It is off unless it is switched on.");

impl Default for ChaosConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for ChaosConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.latency.is_zero() || self.latency_rate > 0.0 {
            parts.push(format!("latency {:?}", self.latency));
        }
        parts.extend(self.latency_max.map(|most| format!("latency_max {most:?}")));
        let rates = [
            ("latency_rate", self.latency_rate),
            ("error_rate", self.error_rate),
            ("panic_rate", self.panic_rate),
            ("drop_rate", self.drop_rate),
        ];
        parts.extend(
            rates
                .into_iter()
                .filter(|(_, share)| *share > 0.0)
                .map(|(name, share)| format!("{name} {share}")),
        );
        parts.extend(self.seed.map(|seed| format!("seed {seed}")));
        if self.after {
            parts.push("after".to_owned());
        }
        match &*parts {
            [] => f.write_str("no faults"),
            parts => f.write_str(&parts.join(", ")),
        }
    }
}
