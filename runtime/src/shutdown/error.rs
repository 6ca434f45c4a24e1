use std::{fmt, io};

use super::{Phase, Place};
use crate::{ConfigError, Name};

/// Why a shutdown cannot be as it was asked for, and what to do about it.
///
/// `Debug` prints the same as `Display`: it is what a `main` shows that returns it.
#[non_exhaustive]
pub enum ShutdownError {
    /// An option makes no sense.
    Config(ConfigError),
    /// The program has its [`GracefulShutdown`](super::GracefulShutdown) already.
    AlreadyInstalled,
    /// The system does not let this process hear its signals.
    Signals(io::Error),
    /// Two handlers have one name.
    #[non_exhaustive]
    Duplicate {
        /// The name.
        name: Name,
        /// Where the later one is.
        place: Place,
        /// Where the first one is.
        first: Place,
    },
    /// A handler comes after one that there is not.
    #[non_exhaustive]
    UnknownAfter {
        /// The handler.
        name: Name,
        /// Where it is.
        place: Place,
        /// The name that nobody has.
        after: Name,
        /// The names that there are.
        known: Vec<Name>,
    },
    /// A handler comes after one of a later phase.
    #[non_exhaustive]
    LaterPhase {
        /// The handler.
        name: Name,
        /// Where it is.
        place: Place,
        /// Its phase.
        phase: Phase,
        /// The handler that it comes after.
        after: Name,
        /// The phase of that one.
        later: Phase,
    },
    /// Handlers come after each other.
    #[non_exhaustive]
    Cycle {
        /// The handlers, each of which comes after the next one, and the last after the first.
        names: Vec<Name>,
        /// Where the first one is.
        place: Place,
    },
    /// An option of a handler makes no sense.
    #[non_exhaustive]
    Handler {
        /// The handler.
        name: Name,
        /// Where it is.
        place: Place,
        /// Which option, and what to write instead.
        error: ConfigError,
    },
    /// An environment variable is no duration.
    #[non_exhaustive]
    Variable {
        /// The variable.
        name: &'static str,
        /// What it says.
        value: String,
    },
    /// A client did not start.
    #[non_exhaustive]
    Start {
        /// The client.
        name: Name,
        /// What it says.
        error: String,
    },
    /// The phase of the handler is over.
    #[non_exhaustive]
    TooLate {
        /// The handler.
        name: Name,
        /// Its phase.
        phase: Phase,
    },
}

impl From<ConfigError> for ShutdownError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::AlreadyInstalled => f.write_str(
                "the program has its `GracefulShutdown` already: pass that one on (it is cheap to clone), or get it with \
                 `shutdown::of_program()`",
            ),
            Self::Signals(error) => write!(f, "the signals of the shutdown cannot be heard: {error}"),
            Self::Duplicate { name, place, first } => write!(
                f,
                "{place}: a shutdown handler is called `{name}` already, at {first}: give one of them another name"
            ),
            Self::UnknownAfter { name, place, after, known } => {
                write!(f, "{place}: the shutdown handler `{name}` comes after `{after}`, which is none")?;
                match nearest(after, known) {
                    Some(nearest) => write!(f, ": did you mean `{nearest}`?")?,
                    None => f.write_str(".")?,
                }
                match known.as_slice() {
                    [] => f.write_str(" There are no others"),
                    known => {
                        f.write_str(" There are: ")?;
                        listed(f, known, ", ")
                    }
                }
            }
            Self::LaterPhase { name, place, phase, after, later } => write!(
                f,
                "{place}: the shutdown handler `{name}` of the phase `{phase}` comes after `{after}`, which runs later, in the \
                 phase `{later}`: put it into that phase too, or take `after` away"
            ),
            Self::Cycle { names, place } => {
                write!(f, "{place}: shutdown handlers wait for each other: ")?;
                listed(f, names, " after ")?;
                if let Some(first) = names.first() {
                    write!(f, " after `{first}`")?;
                }
                f.write_str(". Take one `after` away")
            }
            Self::Handler { name, place, error } => {
                write!(f, "{place}: the shutdown handler `{name}`: {error}")
            }
            Self::Variable { name, value } => write!(
                f,
                "{name} is {value:?}, which is no duration: write a number of seconds such as `25`, or one with a unit such as \
                 `25s`, `500ms` or `1m`"
            ),
            Self::Start { name, error } => write!(f, "`{name}` did not start: {error}"),
            Self::TooLate { name, phase } => write!(
                f,
                "the shutdown handler `{name}` comes too late: the phase `{phase}` is over. Do its work right away"
            ),
        }
    }
}

/// A `main` that returns an error shows this.
impl fmt::Debug for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn listed(f: &mut fmt::Formatter<'_>, names: &[Name], between: &str) -> fmt::Result {
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "`{name}`")?;
    }
    Ok(())
}

/// The name that ends as the other one does, where a path is left out or wrong.
fn nearest<'n>(wanted: &Name, known: &'n [Name]) -> Option<&'n Name> {
    let last = |name: &Name| name.as_str().rsplit("::").next().unwrap_or_default().to_owned();
    let mut same = known.iter().filter(|name| last(name) == last(wanted));
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

impl std::error::Error for ShutdownError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) | Self::Handler { error, .. } => Some(error),
            Self::Signals(error) => Some(error),
            _ => None,
        }
    }
}
