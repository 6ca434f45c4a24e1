use std::fmt;

use super::Signal;
use crate::Name;

/// Why a program shuts down.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A signal came.
    Signal(Signal),
    /// The program asked for it, and says why.
    Asked(Name),
    /// What [`run`](super::GracefulShutdown::run) runs has ended by itself.
    Ended,
}

impl From<Signal> for Reason {
    fn from(signal: Signal) -> Self {
        Self::Signal(signal)
    }
}

impl From<&'static str> for Reason {
    fn from(why: &'static str) -> Self {
        Self::Asked(why.into())
    }
}

impl From<String> for Reason {
    fn from(why: String) -> Self {
        Self::Asked(why.into())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(signal) => signal.fmt(f),
            Self::Asked(why) => f.write_str(why.as_str()),
            Self::Ended => f.write_str("the server ended"),
        }
    }
}
