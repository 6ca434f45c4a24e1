use std::time::Duration;

use mainstay::{Class, Classify, Error, Kind, policies, throttle::Throttle};

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    Busy,
    Down,
    Declined,
    Policy(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl Classify for Failure {
    fn classify(&self) -> Class {
        match self {
            Self::Busy => Class::Throttled { retry_after: None },
            Self::Down => Class::Transient,
            Self::Declined => Class::Permanent,
            Self::Policy(error) => error.classify(),
        }
    }
}

impl Failure {
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Policy(error) => Some(error.kind()),
            _ => None,
        }
    }
}

pub(crate) type Answer = Result<u32, Failure>;

pub(crate) fn of(name: &str) -> &'static Throttle {
    policies().throttle(name).unwrap()
}
