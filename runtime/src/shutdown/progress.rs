use std::{fmt, time::Duration};

use super::{Phase, Place, Reason};
use crate::Name;

/// How far a shutdown has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// None has begun.
    Running,
    /// Not ready any more, and still serving; what announces it runs.
    PreDrain,
    /// No new work; what is in flight ends.
    Draining,
    /// The handlers of a phase run.
    Handlers(Phase),
    /// Spans and logs are sent.
    Flushing,
    /// It is over.
    Ended,
}

impl Stage {
    /// Its name: `running`, `pre_drain`, `draining`, `stop`, `flush`, `close`, `telemetry`, `ended`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::PreDrain => "pre_drain",
            Self::Draining => "draining",
            Self::Handlers(phase) => phase.as_str(),
            Self::Flushing => "telemetry",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What has become of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandlerState {
    /// Its turn has not come.
    Waiting,
    /// It runs.
    Running,
    /// It has done its work.
    Done,
    /// It returned this error.
    Failed(String),
    /// It panicked with this message.
    Panicked(String),
    /// Its time was up. An async one was cancelled; a sync one may run until the process ends.
    TimedOut,
    /// There was no time left to begin it.
    NotRun,
}

impl HandlerState {
    /// Its name: `waiting`, `running`, `done`, `failed`, `panicked`, `timed_out`, `not_run`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Panicked(_) => "panicked",
            Self::TimedOut => "timed_out",
            Self::NotRun => "not_run",
        }
    }

    /// The error or the panic's message.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(message) | Self::Panicked(message) => Some(message),
            _ => None,
        }
    }

    /// Whether nothing more will come of it.
    pub const fn is_settled(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// A handler at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandlerProgress {
    /// Its name.
    pub name: Name,
    /// When it runs.
    pub phase: Phase,
    /// What has become of it.
    pub state: HandlerState,
    /// How long it has been running, or ran.
    pub took: Option<Duration>,
    /// How long it may run; of one that waits, what it asks for.
    pub limit: Option<Duration>,
    /// Where it was registered.
    pub place: Place,
}

/// Work in flight under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkProgress {
    /// What it is.
    pub name: Name,
    /// How much of it runs.
    pub count: u64,
}

/// A shutdown at one moment: see [`progress`](super::progress).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How far it has come.
    pub stage: Stage,
    /// How long this stage has lasted; of [`Stage::Running`], nothing.
    pub stage_for: Duration,
    /// Why it began; `None` while none has.
    pub reason: Option<Reason>,
    /// How long ago it began, or how long it took.
    pub since: Duration,
    /// How long the whole may take.
    pub limit: Duration,
    /// What is in flight, by name; what there is none of is left out.
    pub in_flight: Vec<WorkProgress>,
    /// The handlers, in the order in which they are to run.
    pub handlers: Vec<HandlerProgress>,
}

impl Progress {
    /// How much work is in flight.
    pub fn in_flight_count(&self) -> u64 {
        self.in_flight.iter().map(|work| work.count).sum()
    }

    /// What of the whole is left.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.since)
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(reason) = &self.reason else { return f.write_str("running") };
        write!(f, "{} ({reason}), {:.1?} of {:?}", self.stage, self.since, self.limit)?;
        for work in &self.in_flight {
            write!(f, "\n    {} in flight: {}", work.name, work.count)?;
        }
        for handler in &self.handlers {
            write!(f, "\n    {} {}: {}", handler.phase, handler.name, handler.state.as_str())?;
            if let Some(took) = handler.took {
                write!(f, " {took:.1?}")?;
            }
            if let Some(message) = handler.state.message() {
                write!(f, ": {message}")?;
            }
        }
        Ok(())
    }
}
