use std::time::Duration;

use super::{HealthStatus, Probes};
use crate::ConfigError;

/// How a check is run and what it counts for. What is not given is left to the check itself, and then to the defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::health::{CheckOptions, HealthStatus};
///
/// const SEARCH: CheckOptions =
///     CheckOptions::new().ready().timeout(Duration::from_millis(50)).on_fail(HealthStatus::Degraded);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use = "options do nothing until a check is added with them"]
pub struct CheckOptions {
    pub(super) probes: Option<Probes>,
    pub(super) timeout: Option<Duration>,
    pub(super) cache: Option<Duration>,
    pub(super) on_fail: Option<HealthStatus>,
}

impl CheckOptions {
    /// How long a check may take unless told otherwise: 80 ms.
    pub const TIMEOUT: Duration = Duration::from_millis(80);
    /// How long an answer is kept unless told otherwise: 2 s.
    pub const CACHE: Duration = Duration::from_secs(2);

    /// Nothing is given.
    pub const fn new() -> Self {
        Self { probes: None, timeout: None, cache: None, on_fail: None }
    }

    /// It belongs to [`Probe::Live`](super::Probe::Live): when it fails, the process is started anew.
    pub const fn live(self) -> Self {
        self.of(Probes::LIVE)
    }

    /// It belongs to [`Probe::Ready`](super::Probe::Ready): while it fails, no requests are sent here.
    pub const fn ready(self) -> Self {
        self.of(Probes::READY)
    }

    /// It belongs to [`Probe::Started`](super::Probe::Started): until it succeeds, the start is not over.
    pub const fn startup(self) -> Self {
        self.of(Probes::STARTUP)
    }

    const fn of(mut self, more: Probes) -> Self {
        self.probes = Some(match self.probes {
            Some(probes) => probes.and(more),
            None => more,
        });
        self
    }

    /// How long it may take. Default: 80 ms.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// How long its answer is kept; zero asks anew each time. Default: 2 s.
    pub const fn cache(mut self, time: Duration) -> Self {
        self.cache = Some(time);
        self
    }

    /// What it is where it says that it is unhealthy, fails, takes too long or panics: `Degraded` for what the service
    /// can do without. Default: `Unhealthy`.
    pub const fn on_fail(mut self, status: HealthStatus) -> Self {
        self.on_fail = Some(status);
        self
    }

    /// These, and what they leave open from `others`.
    pub const fn or(self, others: Self) -> Self {
        const fn first<T: Copy>(one: Option<T>, other: Option<T>) -> Option<T> {
            if one.is_some() { one } else { other }
        }
        Self {
            probes: first(self.probes, others.probes),
            timeout: first(self.timeout, others.timeout),
            cache: first(self.cache, others.cache),
            on_fail: first(self.on_fail, others.on_fail),
        }
    }

    /// What is wrong with them.
    ///
    /// # Errors
    /// A time limit of zero, which no check can keep, and an `on_fail` that makes healthy of what failed.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if let Some(limit) = self.timeout
            && limit.is_zero()
        {
            return Err(ConfigError::new("timeout", "no check takes no time: give a longer limit"));
        }
        if let Some(HealthStatus::Healthy) = self.on_fail {
            return Err(ConfigError::new("on_fail", "a check that fails is degraded or unhealthy"));
        }
        Ok(())
    }

    #[doc(hidden)]
    #[allow(clippy::panic, reason = "evaluated in a const, where it is a compile error with this text")]
    pub const fn checked(self) -> Self {
        if let Err(error) = self.check() {
            panic!("{}", error.problem());
        }
        self
    }

    pub(crate) fn limit(&self) -> Duration {
        // Nothing takes no time.
        self.timeout.unwrap_or(Self::TIMEOUT).max(Duration::from_millis(1))
    }

    pub(super) fn kept(&self) -> Duration {
        self.cache.unwrap_or(Self::CACHE)
    }

    pub(crate) fn failed(&self) -> HealthStatus {
        self.on_fail.unwrap_or(HealthStatus::Unhealthy).max(HealthStatus::Degraded)
    }
}
