use std::fmt;

/// How something is. Ordered by badness, so that the greatest of several is the worst.
///
/// ```
/// use mainstay_runtime::health::HealthStatus;
///
/// assert_eq!(HealthStatus::Degraded.to_string(), "degraded");
/// assert_eq!(HealthStatus::Healthy.max(HealthStatus::Degraded), HealthStatus::Degraded);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum HealthStatus {
    /// All of it works.
    #[default]
    Healthy,
    /// It works with issues: requests can be handled.
    Degraded,
    /// It cannot handle requests.
    Unhealthy,
}

impl HealthStatus {
    /// `healthy`, `degraded` or `unhealthy`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        }
    }

    /// Whether requests can be handled: healthy or degraded. A server answers 200 to a probe, else 503.
    pub const fn is_up(self) -> bool {
        !matches!(self, Self::Unhealthy)
    }

    /// 1, 0.5 or 0: what the gauge `mainstay_health_status` shows.
    pub const fn as_number(self) -> f64 {
        match self {
            Self::Healthy => 1.0,
            Self::Degraded => 0.5,
            Self::Unhealthy => 0.0,
        }
    }
}

impl fmt::Display for HealthStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
