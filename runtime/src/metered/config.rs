use std::{fmt, time::Duration};

use super::Metered;
use crate::{ConfigError, metrics::Buckets, registry};

/// What a [`Metered`] is made from: the options of `#[metered]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::metered::{MeteredConfig, Slo};
///
/// let config = MeteredConfig::new()
///     .buckets(&[0.01, 0.1, 1.0])
///     .slo(Slo::new().ok(99.9).latency(0.99, Duration::from_millis(250)));
/// assert!(config.check().is_ok());
/// assert_eq!(MeteredConfig::new().buckets(&[]).check().unwrap_err().option(), "buckets");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeteredConfig {
    pub(super) buckets: Option<&'static [f64]>,
    pub(super) labels: &'static [&'static str],
    pub(super) slo: Slo,
}

impl MeteredConfig {
    /// No labels, no objective, and buckets from 5 ms to 10 s.
    pub const fn new() -> Self {
        Self { buckets: None, labels: &[], slo: Slo::new() }
    }

    /// The upper bounds of the buckets of durations, in seconds, ascending.
    #[must_use]
    pub const fn buckets(mut self, bounds: &'static [f64]) -> Self {
        self.buckets = Some(bounds);
        self
    }

    /// The names of the labels whose values each call brings.
    #[must_use]
    pub const fn labels(mut self, names: &'static [&'static str]) -> Self {
        self.labels = names;
        self
    }

    /// What the calls are to live up to.
    #[must_use]
    pub const fn slo(mut self, slo: Slo) -> Self {
        self.slo = slo;
        self
    }

    /// Whether the options make sense.
    ///
    /// # Errors
    /// Buckets that do not ascend, are not positive, or are too many; an objective that no service could miss or meet.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if let Some(bounds) = self.buckets {
            if bounds.is_empty() || bounds.len() > 200 {
                return Err(ConfigError::new("buckets", "name 1 to 200 bounds, such as `[0.01, 0.1, 1.0]`"));
            }
            let (mut at, mut before) = (0, 0.0);
            while at < bounds.len() {
                if !(bounds[at] > before && bounds[at].is_finite()) {
                    return Err(ConfigError::new(
                        "buckets",
                        "bounds are seconds above 0, each greater than the one before",
                    ));
                }
                before = bounds[at];
                at += 1;
            }
        }
        self.slo.check()
    }

    #[doc(hidden)]
    pub const fn checked_buckets(self) -> &'static [f64] {
        match self.checked().buckets {
            Some(bounds) => bounds,
            None => &[],
        }
    }

    /// The buckets, with a bound where an objective asks how many calls are quicker.
    pub(super) fn made_buckets(&self) -> Buckets {
        let buckets = match self.buckets {
            Some(bounds) => Buckets::new(bounds.iter().copied()).unwrap_or_else(|_| Buckets::seconds()),
            None => Buckets::seconds(),
        };
        match self.slo.latency {
            Some((_, limit)) => buckets.with(limit.as_secs_f64()),
            None => buckets,
        }
    }
}

registry::made!(MeteredConfig => Metered::new);

impl Default for MeteredConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for MeteredConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.labels.is_empty() {
            parts.push(format!("labels {}", self.labels.join(", ")));
        }
        if let Some(bounds) = self.buckets {
            parts.push(format!("buckets {bounds:?}"));
        }
        if let Some(ok) = self.slo.ok {
            parts.push(format!("ok {ok} %"));
        }
        if let Some((quantile, limit)) = self.slo.latency {
            parts.push(format!("{} % within {limit:?}", quantile * 100.0));
        }
        if parts.is_empty() { f.write_str("no labels, no objective") } else { f.write_str(&parts.join("; ")) }
    }
}

/// A service level objective: the share of calls that are to succeed, and the share that are to be quick.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Slo {
    pub(super) ok: Option<f64>,
    pub(super) latency: Option<(f64, Duration)>,
}

impl Slo {
    /// No objective.
    pub const fn new() -> Self {
        Self { ok: None, latency: None }
    }

    /// How many of a hundred calls succeed, such as 99.9.
    #[must_use]
    pub const fn ok(mut self, percent: f64) -> Self {
        self.ok = Some(percent);
        self
    }

    /// The share of calls, such as 0.99, that take no longer than `limit`.
    #[must_use]
    pub const fn latency(mut self, quantile: f64, limit: Duration) -> Self {
        self.latency = Some((quantile, limit));
        self
    }

    /// Whether there is no objective.
    pub const fn is_empty(&self) -> bool {
        self.ok.is_none() && self.latency.is_none()
    }

    const fn check(&self) -> Result<(), ConfigError> {
        if let Some(ok) = self.ok
            && !(ok > 0.0 && ok < 100.0)
        {
            return Err(ConfigError::new(
                "slo",
                "`ok` is a percentage above 0 and below 100, such as 99.9: without a \
                                                budget for errors every one is an alert",
            ));
        }
        if let Some((quantile, limit)) = self.latency {
            if !(quantile > 0.0 && quantile < 1.0) {
                return Err(ConfigError::new("slo", "a quantile lies between 0 and 1, such as 0.99"));
            }
            if limit.is_zero() {
                return Err(ConfigError::new("slo", "no call takes no time: give a longer limit"));
            }
        }
        Ok(())
    }
}
