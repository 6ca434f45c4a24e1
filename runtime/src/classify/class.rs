use std::time::Duration;

use crate::{Error, Kind};

/// What an error means for those who decide whether to try again, and whether to blame the dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// May pass if tried again. Retried; a failure to a circuit breaker.
    Transient,
    /// Will not pass however often it is tried. Not retried; to a circuit breaker the dependency has answered, so it
    /// counts as a success.
    Permanent,
    /// The dependency asks for patience. Retried no earlier than after `retry_after`; a failure to a circuit breaker.
    Throttled {
        /// The wait that the dependency asked for, if it named one.
        retry_after: Option<Duration>,
    },
    /// Says nothing about the dependency. Not retried; neither failure nor success to a circuit breaker.
    Ignored,
}

impl Class {
    /// Whether another try may help.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Transient | Self::Throttled { .. })
    }

    /// The wait asked for by a [`Class::Throttled`].
    pub const fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } => retry_after,
            _ => None,
        }
    }
}

/// An error type that knows the class of each of its errors.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::classify::{Class, Classify};
///
/// enum PayError {
///     Declined,
///     Busy { after: Duration },
/// }
///
/// impl Classify for PayError {
///     fn classify(&self) -> Class {
///         match self {
///             Self::Declined => Class::Permanent,
///             Self::Busy { after } => Class::Throttled { retry_after: Some(*after) },
///         }
///     }
/// }
///
/// assert!(!PayError::Declined.classify().is_retryable());
/// assert_eq!(PayError::Busy { after: Duration::from_secs(1) }.classify().retry_after(), Some(Duration::from_secs(1)));
/// ```
pub trait Classify {
    /// The class of this error.
    fn classify(&self) -> Class;
}

impl<E: Classify + ?Sized> Classify for &E {
    fn classify(&self) -> Class {
        (**self).classify()
    }
}

impl<E: Classify + ?Sized> Classify for Box<E> {
    fn classify(&self) -> Class {
        (**self).classify()
    }
}

/// A time-out is transient, and so are a store that could not answer before anything ran and a failure on purpose. The other refusals are
/// [`Class::Ignored`]: the call never reached the dependency, and trying at once what was just refused only adds load.
impl Classify for Error {
    fn classify(&self) -> Class {
        match self.kind() {
            Kind::TimedOut | Kind::Store | Kind::Injected => Class::Transient,
            _ => Class::Ignored,
        }
    }
}
