use std::{fmt, time::Duration};

use super::{AdaptiveLimit, Priority};
use crate::{ConfigError, registry};

/// How the limit follows what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// By how much longer calls take than they would alone: the limit is multiplied by that gradient and given some headroom.
    Gradient,
    /// Additive increase, multiplicative decrease: one more as long as all goes well, a part less at each sign of overload.
    Aimd,
}

impl Algorithm {
    pub(super) const WORDS: &'static [&'static str] = &["gradient", "aimd"];
    pub(super) const ALL: [Self; 2] = [Self::Gradient, Self::Aimd];

    /// Its name in the attribute.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Aimd => "aimd",
        }
    }
}

/// What an [`AdaptiveLimit`] is made from: the options of `#[adaptive_limit]`, with the same names and defaults.
///
/// ```
/// use mainstay_runtime::adaptive_limit::AdaptiveLimitConfig;
///
/// let limit = AdaptiveLimitConfig::new().initial(10).max(100).build("payments")?;
/// assert_eq!(limit.limit(), 10);
///
/// let wrong = AdaptiveLimitConfig::new().min(50).max(10).check().unwrap_err();
/// assert_eq!(wrong.option(), "max");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdaptiveLimitConfig {
    pub(super) algorithm: Algorithm,
    pub(super) initial: Option<u32>,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) backoff_ratio: f64,
    pub(super) latency_threshold: Option<Duration>,
    pub(super) normal_share: f64,
    pub(super) sheddable_share: f64,
}

const INITIAL: u32 = 20;

impl AdaptiveLimitConfig {
    /// The options, at their defaults.
    pub const fn new() -> Self {
        Self {
            algorithm: Algorithm::Gradient,
            initial: None,
            min: 1,
            max: 1000,
            backoff_ratio: 0.9,
            latency_threshold: None,
            normal_share: 0.8,
            sheddable_share: 0.5,
        }
    }

    /// How the limit follows what is measured. Default: [`Algorithm::Gradient`].
    #[must_use]
    pub const fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How many calls may be in flight before anything has been measured. Default: 20, or the nearest that `min` and `max`
    /// permit.
    #[must_use]
    pub const fn initial(mut self, calls: u32) -> Self {
        self.initial = Some(calls);
        self
    }

    /// The limit never falls below this. Default: 1.
    #[must_use]
    pub const fn min(mut self, calls: u32) -> Self {
        self.min = calls;
        self
    }

    /// The limit never rises above this. Default: 1000.
    #[must_use]
    pub const fn max(mut self, calls: u32) -> Self {
        self.max = calls;
        self
    }

    /// What remains of the limit after a sign of overload, with [`Algorithm::Aimd`]. Default: 0.9.
    #[must_use]
    pub const fn backoff_ratio(mut self, ratio: f64) -> Self {
        self.backoff_ratio = ratio;
        self
    }

    /// The time beyond which a call is a sign of overload, with [`Algorithm::Aimd`]. Default: none; then only time-outs and
    /// refusals are.
    #[must_use]
    pub const fn latency_threshold(mut self, threshold: Duration) -> Self {
        self.latency_threshold = Some(threshold);
        self
    }

    pub(super) const fn without_latency_threshold(mut self) -> Self {
        self.latency_threshold = None;
        self
    }

    /// The share of the limit up to which [`Priority::Normal`] calls are admitted. Default: 0.8.
    #[must_use]
    pub const fn normal_share(mut self, share: f64) -> Self {
        self.normal_share = share;
        self
    }

    /// The share of the limit up to which [`Priority::Sheddable`] calls are admitted. Default: 0.5.
    #[must_use]
    pub const fn sheddable_share(mut self, share: f64) -> Self {
        self.sheddable_share = share;
        self
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// `min` is zero, `max` is less than `min`, `initial` lies outside them, a share or `backoff_ratio` is no share, or
    /// sheddable calls may use more than normal ones.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if self.min == 0 {
            return Err(ConfigError::new(
                "min",
                "a limit of 0 would never let a call in again: write at least 1",
            ));
        }
        if self.max < self.min {
            return Err(ConfigError::new("max", "the bounds cross: raise `max`, or lower `min`"));
        }
        if let Some(initial) = self.initial
            && (initial < self.min || initial > self.max)
        {
            return Err(ConfigError::new(
                "initial",
                "the limit starts outside `min` and `max`: write a number between them",
            ));
        }
        if !(self.backoff_ratio > 0.0 && self.backoff_ratio < 1.0) {
            return Err(ConfigError::new(
                "backoff_ratio",
                "what remains is more than 0 and less than 1, such as 0.9",
            ));
        }
        if matches!(self.latency_threshold, Some(threshold) if threshold.is_zero()) {
            return Err(ConfigError::new(
                "latency_threshold",
                "every call takes longer than no time: write a longer one",
            ));
        }
        if !(self.normal_share > 0.0 && self.normal_share <= 1.0) {
            return Err(ConfigError::new(
                "normal_share",
                "a share is more than 0 and at most 1, such as 0.8",
            ));
        }
        if !(self.sheddable_share > 0.0 && self.sheddable_share <= self.normal_share) {
            return Err(ConfigError::new(
                "sheddable_share",
                "sheddable calls go first: write a share above 0 and at most `normal_share`",
            ));
        }
        Ok(())
    }

    /// The limit before anything has been measured.
    pub(super) const fn first_limit(&self) -> u32 {
        match self.initial {
            Some(calls) => calls,
            None if self.min > INITIAL => self.min,
            None if self.max < INITIAL => self.max,
            None => INITIAL,
        }
    }

    /// How many calls may be in flight when one of that priority comes: at least one.
    pub(super) const fn places(&self, limit: u32, priority: Priority) -> u32 {
        let share = match priority {
            Priority::Critical => return limit,
            Priority::Normal => self.normal_share,
            Priority::Sheddable => self.sheddable_share,
        };
        let places = limit as f64 * share;
        // Rounded, and never to nothing.
        let places = (places + 0.5) as u32;
        if places == 0 { 1 } else { places }
    }
}

registry::made!(AdaptiveLimitConfig => AdaptiveLimit::new);

impl Default for AdaptiveLimitConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// The options in force, as they are written in `#[adaptive_limit(…)]`.
impl fmt::Display for AdaptiveLimitConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min, max, normal_share, sheddable_share, .. } = self;
        let (algorithm, initial) = (self.algorithm.as_str(), self.first_limit());
        write!(f, "algorithm = {algorithm}, initial = {initial}, min = {min}, max = {max}")?;
        if self.algorithm == Algorithm::Aimd {
            write!(f, ", backoff_ratio = {}", self.backoff_ratio)?;
            if let Some(threshold) = self.latency_threshold {
                write!(f, ", latency_threshold = {threshold:?}")?;
            }
        }
        write!(f, ", normal_share = {normal_share}, sheddable_share = {sheddable_share}")
    }
}
