use std::{fmt, time::Duration};

use super::Throttle;
use crate::{ConfigError, registry};

/// What a [`Throttle`] is made from: the options of `#[throttle]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::throttle::ThrottleConfig;
///
/// let throttle = ThrottleConfig::new().k(1.5).window(Duration::from_secs(30)).build("payments")?;
/// assert_eq!(throttle.rejection_rate(), 0.0);
///
/// let wrong = ThrottleConfig::new().k(0.5).check().unwrap_err();
/// assert_eq!(wrong.option(), "k");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThrottleConfig {
    pub(super) k: f64,
    pub(super) window: Duration,
    pub(super) minimum_calls: u32,
    pub(super) max_rejection_rate: f64,
}

/// Shorter windows would have steps that the coarse clock cannot tell apart.
const SHORTEST: Duration = Duration::from_secs(1);

impl ThrottleConfig {
    /// The options, at their defaults.
    pub const fn new() -> Self {
        Self { k: 2.0, window: Duration::from_secs(120), minimum_calls: 10, max_rejection_rate: 0.9 }
    }

    /// How many calls are made for each that the server accepts, before any is refused here. Default: 2.
    ///
    /// Less refuses sooner and wastes less of the server's work on rejections; more notices sooner that it has recovered.
    #[must_use]
    pub const fn k(mut self, calls: f64) -> Self {
        self.k = calls;
        self
    }

    /// How far back calls are counted. Default: 2 minutes.
    #[must_use]
    pub const fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// How many calls the window must hold before any is refused. Default: 10.
    #[must_use]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.minimum_calls = calls;
        self
    }

    /// The share of calls that are refused at most. Default: 0.9.
    ///
    /// The rest are how a recovery is noticed: of those that the server accepts again, `k` times as many follow.
    #[must_use]
    pub const fn max_rejection_rate(mut self, rate: f64) -> Self {
        self.max_rejection_rate = rate;
        self
    }

    /// Whether the options make sense.
    ///
    /// # Errors
    /// `k` is less than 1 or no number, the window is shorter than a second, `minimum_calls` is zero, or
    /// `max_rejection_rate` is no share.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if !(self.k >= 1.0 && self.k.is_finite()) {
            return Err(ConfigError::new(
                "k",
                "less than 1 would refuse calls that the server accepts: write at least 1",
            ));
        }
        if self.window.as_nanos() < SHORTEST.as_nanos() {
            return Err(ConfigError::new("window", "a window is at least a second, such as \"2m\""));
        }
        if self.minimum_calls == 0 {
            return Err(ConfigError::new(
                "minimum_calls",
                "nothing is known before the first call: write at least 1",
            ));
        }
        if !(self.max_rejection_rate > 0.0 && self.max_rejection_rate <= 1.0) {
            return Err(ConfigError::new(
                "max_rejection_rate",
                "a share is more than 0 and at most 1, such as 0.9",
            ));
        }
        Ok(())
    }
}

registry::made!(ThrottleConfig => Throttle::new);

impl Default for ThrottleConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// The options in force, as they are written in `#[throttle(…)]`.
impl fmt::Display for ThrottleConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { k, window, minimum_calls, max_rejection_rate } = self;
        write!(
            f,
            "k = {k}, window = {window:?}, minimum_calls = {minimum_calls}, max_rejection_rate = {max_rejection_rate}"
        )
    }
}
