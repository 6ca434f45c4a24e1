use std::{fmt, time::Duration};

use super::{After, Hedge};
use crate::{
    ConfigError,
    budget::{Budget, Joined},
    registry::{self, Slot},
};

/// What a [`Hedge`] is made from: the options of `#[hedge]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::hedge::Hedge;
///
/// let hedge = Hedge::builder().after(Duration::from_millis(50)).max(2).build("search")?;
/// assert_eq!(hedge.name(), "search");
///
/// let wrong = Hedge::builder().after_quantile(95.0).check().unwrap_err();
/// assert_eq!(wrong.option(), "after");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HedgeConfig {
    pub(super) after: After,
    pub(super) min_after: Duration,
    pub(super) warm_up: u32,
    pub(super) max: u32,
    pub(super) budget: Option<Joined>,
}

impl HedgeConfig {
    /// One attempt more, after the 95th percentile of the latencies.
    pub const fn new() -> Self {
        Self {
            after: After::Quantile(0.95),
            min_after: Duration::from_millis(1),
            warm_up: 100,
            max: 1,
            budget: None,
        }
    }

    /// How long the primary is waited for before another attempt is made, and each further one after that.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.after = After::Delay(delay);
        self
    }

    /// The same by the latencies of the primaries: 0.95, the default, waits as long as 95 of 100 took at most.
    #[must_use]
    pub const fn after_quantile(mut self, share: f64) -> Self {
        self.after = After::Quantile(share);
        self
    }

    /// The shortest wait that a quantile gives, however quick the answers are. Default 1 ms.
    #[must_use]
    pub const fn min_after(mut self, delay: Duration) -> Self {
        self.min_after = delay;
        self
    }

    /// How many latencies are measured before a quantile is believed; until then no call is hedged. Default 100.
    #[must_use]
    pub const fn warm_up(mut self, latencies: u32) -> Self {
        self.warm_up = latencies;
        self
    }

    /// How many attempts are made beside the primary at most. Default 1.
    #[must_use]
    pub const fn max(mut self, hedges: u32) -> Self {
        self.max = hedges;
        self
    }

    /// From what the attempts are paid. Default: a budget of its own, of a tenth of the calls and one a second.
    #[must_use]
    pub const fn budget(mut self, budget: &'static Budget) -> Self {
        self.budget = Some(Joined::instance(budget, true));
        self
    }

    /// The same where each call is made within one that pays into that budget already, in a function further out: it
    /// spends, and its first calls are not counted again.
    #[must_use]
    pub const fn within_budget(mut self, budget: &'static Budget) -> Self {
        self.budget = Some(Joined::instance(budget, false));
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn spending(mut self, budget: &'static Slot<Budget>, pays: bool) -> Self {
        self.budget = Some(Joined::slot(budget, pays));
        self
    }

    /// Whether the options make sense.
    ///
    /// # Errors
    /// A quantile that does not lie between 0 and 1, or no attempt, delay or latency at all.
    pub const fn check(&self) -> Result<(), ConfigError> {
        match self.after {
            After::Quantile(share) if !(share > 0.0 && share < 1.0) => {
                return Err(ConfigError::new(
                    "after",
                    "a quantile lies between 0 and 1, both excluded, such as 0.95; as a percentile write p95",
                ));
            }
            After::Delay(delay) if delay.is_zero() => {
                return Err(ConfigError::new(
                    "after",
                    "must be more than zero, or every call would be made twice",
                ));
            }
            _ => {}
        }
        if self.max == 0 {
            return Err(ConfigError::new(
                "max",
                "must be at least 1: the attempts beside the primary are counted",
            ));
        }
        if self.warm_up == 0 {
            return Err(ConfigError::new("warm_up", "must be at least 1: a quantile is one of something"));
        }
        Ok(())
    }

    /// The share of latencies that the delay follows, if it does.
    pub(super) const fn quantile(&self) -> Option<f64> {
        match self.after {
            After::Quantile(share) => Some(share),
            After::Delay(_) => None,
        }
    }
}

registry::made!(HedgeConfig => Hedge::new);

impl Default for HedgeConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for HedgeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {}", self.after)?;
        if self.quantile().is_some() {
            write!(f, ", min_after {:?}, warm_up {}", self.min_after, self.warm_up)?;
        }
        write!(f, ", max {}", self.max)?;
        match self.budget {
            Some(budget) => write!(f, ", budget {budget:?}"),
            None => Ok(()),
        }
    }
}
