use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use super::{HealthStatus, Probe, Probes, json};
use crate::trace::AttributeValue;

/// What all checks of a probe said together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// What was asked about.
    pub probe: Probe,
    /// The worst of them; healthy where there are none.
    pub status: HealthStatus,
    /// When it was put together.
    pub timestamp: SystemTime,
    /// What each said, in the order in which they were added.
    pub checks: Vec<CheckReport>,
}

/// What one check said.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CheckReport {
    /// Its name, which no other has.
    pub name: String,
    /// What it counts as: a check with `on_fail = degraded` is never unhealthy.
    pub status: HealthStatus,
    /// Why, if it said so, or if it said nothing in time.
    pub reason: Option<Cow<'static, str>>,
    /// How long it took, or takes already.
    pub duration: Duration,
    /// How long ago it answered: answers are kept for a while.
    pub age: Duration,
    /// The probes that ask it, beside [`Probe::Overall`].
    pub probes: Probes,
    /// Figures that it gave.
    pub data: Vec<(Cow<'static, str>, AttributeValue)>,
}

impl Report {
    pub(super) fn of(probe: Probe, checks: Vec<CheckReport>) -> Self {
        let status = checks.iter().map(|check| check.status).max().unwrap_or_default();
        Self { probe, status, timestamp: SystemTime::now(), checks }
    }

    /// The check of that name.
    pub fn check(&self, name: &str) -> Option<&CheckReport> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The status of the check of that name.
    pub fn status_of(&self, name: &str) -> Option<HealthStatus> {
        self.check(name).map(|check| check.status)
    }

    /// Why the check of that name is as it is.
    pub fn reason(&self, name: &str) -> Option<&str> {
        self.check(name)?.reason.as_deref()
    }

    /// The status of an HTTP answer: 200 where [requests can be handled](HealthStatus::is_up), else 503.
    pub const fn http_status(&self) -> u16 {
        if self.status.is_up() { 200 } else { 503 }
    }

    /// As JSON: `status`, `timestamp` and `checks`, which has the status of each check by its name. Beside them `details`
    /// has what each said besides: `duration_ms`, `age_ms`, `probes`, and `reason` and `data` where there are any.
    ///
    /// ```
    /// use mainstay_runtime::health::{HealthChecker, Probe, from_fn};
    ///
    /// # let _still = mainstay_runtime::clock::ManualClock::new().install();
    /// let checker = HealthChecker::new("shop");
    /// checker.add_as("database", from_fn(|| async { true }));
    /// let json = checker.report(Probe::Overall).to_json();
    /// assert!(json.starts_with(r#"{"status":"healthy","timestamp":"2"#));
    /// assert!(json.contains(r#""checks":{"database":"healthy"},"details":{"#));
    /// ```
    pub fn to_json(&self) -> String {
        json::ours(self)
    }

    /// As JSON in the form of MicroProfile Health: `UP` or `DOWN`, and a list of checks. What is degraded is up.
    pub fn to_microprofile_json(&self) -> String {
        json::microprofile(self)
    }
}
