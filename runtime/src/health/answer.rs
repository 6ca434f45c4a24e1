use std::{borrow::Cow, fmt::Display};

use super::HealthStatus;
use crate::trace::AttributeValue;

/// What a check says: how its part is, why, and figures beside it.
///
/// ```
/// use mainstay_runtime::health::{Health, HealthStatus};
///
/// let health = Health::degraded("3 of 10 connections are broken").with("broken", 3);
/// assert_eq!(health.status(), HealthStatus::Degraded);
/// assert_eq!(health.reason(), Some("3 of 10 connections are broken"));
/// assert_eq!(Health::from(true), Health::healthy());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use = "a check's answer is of use to who asked"]
pub struct Health {
    status: HealthStatus,
    reason: Option<Cow<'static, str>>,
    data: Vec<(Cow<'static, str>, AttributeValue)>,
}

impl Health {
    /// All is well.
    pub const fn healthy() -> Self {
        Self { status: HealthStatus::Healthy, reason: None, data: Vec::new() }
    }

    /// It works, but not as it should.
    pub fn degraded(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { status: HealthStatus::Degraded, reason: Some(reason.into()), data: Vec::new() }
    }

    /// It does not work.
    pub fn unhealthy(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { status: HealthStatus::Unhealthy, reason: Some(reason.into()), data: Vec::new() }
    }

    /// The same with a figure beside it, such as how many connections are open. It is shown to whoever may see the report.
    pub fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<AttributeValue>) -> Self {
        self.data.push((key.into(), value.into()));
        self
    }

    /// The same for another reason.
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// How it is.
    pub const fn status(&self) -> HealthStatus {
        self.status
    }

    /// Why, if there is something to say.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The figures, in the order in which they were given.
    pub fn data(&self) -> &[(Cow<'static, str>, AttributeValue)] {
        &self.data
    }

    /// The same with that status where it is unhealthy.
    pub(crate) fn unhealthy_as(mut self, status: HealthStatus) -> Self {
        if self.status == HealthStatus::Unhealthy {
            self.status = status;
        }
        self
    }
}

impl From<HealthStatus> for Health {
    fn from(status: HealthStatus) -> Self {
        Self { status, ..Self::default() }
    }
}

impl From<bool> for Health {
    /// `false` is unhealthy.
    fn from(healthy: bool) -> Self {
        if healthy { Self::healthy() } else { HealthStatus::Unhealthy.into() }
    }
}

impl From<()> for Health {
    /// What came to its end is healthy.
    fn from((): ()) -> Self {
        Self::healthy()
    }
}

impl<T: Into<Self>, E: Display> From<Result<T, E>> for Health {
    /// An error is unhealthy, and its text the reason.
    fn from(result: Result<T, E>) -> Self {
        result.map_or_else(|error| Self::unhealthy(error.to_string()), Into::into)
    }
}

/// What a check may give: [`Health`], [`HealthStatus`], `bool`, nothing, or a `Result` of them whose error can be shown.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how healthy something is",
    label = "gives a `{Self}`",
    note = "a check gives `Health`, `HealthStatus`, `bool`, `()`, or a `Result` of one of them whose error implements `Display`"
)]
pub trait IntoHealth {
    /// What it says.
    fn into_health(self) -> Health;
}

macro_rules! into_health {
    ($($ty:ty),*) => {$(
        impl IntoHealth for $ty {
            fn into_health(self) -> Health {
                self.into()
            }
        }
    )*};
}

into_health!(Health, HealthStatus, bool, ());

impl<T: IntoHealth, E: Display> IntoHealth for Result<T, E> {
    fn into_health(self) -> Health {
        self.map_or_else(|error| Health::unhealthy(error.to_string()), T::into_health)
    }
}
