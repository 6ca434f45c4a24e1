use std::{fmt, time::Duration};

use super::Budget;
use crate::{ConfigError, Name, registry};

/// What a [`Budget`] is made from.
///
/// The defaults are those of Finagle's `RetryBudget`: a fifth of the calls and ten a second, over ten seconds.
///
/// ```
/// use mainstay_runtime::budget::BudgetConfig;
///
/// let budget = BudgetConfig::new().ratio(0.1).floor(1.0).build("payments")?;
/// assert_eq!(budget.name(), "payments");
///
/// let wrong = BudgetConfig::new().ratio(-0.1).check().unwrap_err();
/// assert_eq!(wrong.option(), "ratio");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct BudgetConfig {
    ratio: f64,
    floor: f64,
    window: Duration,
    /// Whether somebody said what it is, and did not just say the name.
    stated: bool,
}

impl BudgetConfig {
    /// A fifth of the calls and ten a second, over ten seconds.
    pub const fn new() -> Self {
        Self { ratio: 0.2, floor: 10.0, window: Duration::from_secs(10), stated: true }
    }

    /// The same for one that is only named: it follows whoever says more.
    pub(super) const fn named_only() -> Self {
        let mut config = Self::new();
        config.stated = false;
        config
    }

    /// How many further calls each first call is worth: 0.2 for a fifth more load at most. Default 0.2.
    #[must_use]
    pub const fn ratio(mut self, ratio: f64) -> Self {
        self.ratio = ratio;
        self
    }

    /// How many further calls a second there may be whatever the number of first calls, so that a service with few calls
    /// can retry at all. Those of a whole window may be made at once. Default 10.
    #[must_use]
    pub const fn floor(mut self, per_second: f64) -> Self {
        self.floor = per_second;
        self
    }

    /// The time over which calls are compared; the past beyond it is forgotten. Default 10 s.
    #[must_use]
    pub const fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Whether the options make sense.
    ///
    /// # Errors
    /// A `ratio` or `floor` that is negative or no finite number, or a `window` below 10 ms.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if !(self.ratio >= 0.0 && self.ratio.is_finite()) {
            return Err(ConfigError::new(
                "ratio",
                "must be a finite number that is not negative, such as 0.2 for a fifth of the calls",
            ));
        }
        if !(self.floor >= 0.0 && self.floor.is_finite()) {
            return Err(ConfigError::new(
                "floor",
                "must be a finite number of calls per second that is not negative",
            ));
        }
        if self.window.as_nanos() < 10_000_000 {
            return Err(ConfigError::new("window", "must be at least 10 ms; seconds are usual"));
        }
        Ok(())
    }

    /// A budget of its own, known to nobody else.
    ///
    /// # Errors
    /// See [`check`](Self::check).
    pub fn build(self, name: impl Into<Name>) -> Result<Budget, ConfigError> {
        self.check()?;
        Ok(Budget::new(name.into(), self))
    }

    /// The budget of that name, made if there is none. One that attributes have only named so far gets these options.
    ///
    /// # Errors
    /// See [`check`](Self::check).
    pub fn register(self, name: impl Into<Name>) -> Result<&'static Budget, ConfigError> {
        let shared = registry::register(self.build(name))?;
        shared.settle(self);
        Ok(shared)
    }

    pub(super) const fn is_stated(&self) -> bool {
        self.stated
    }

    pub(super) const fn ratio_in_force(&self) -> f64 {
        self.ratio
    }

    pub(super) const fn floor_in_force(&self) -> f64 {
        self.floor
    }

    pub(super) const fn window_in_force(&self) -> Duration {
        self.window
    }

    /// How many further calls so many first calls in the window are good for.
    pub(super) fn allowance(&self, first_calls: u64) -> f64 {
        // What rounding took away would be a call.
        self.ratio * first_calls as f64 + self.floor * self.window.as_secs_f64() + 1e-9
    }
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// By what they permit.
impl PartialEq for BudgetConfig {
    fn eq(&self, other: &Self) -> bool {
        (self.ratio, self.floor, self.window) == (other.ratio, other.floor, other.window)
    }
}

impl fmt::Display for BudgetConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ratio {}, floor {}, window {:?}", self.ratio, self.floor, self.window)
    }
}
