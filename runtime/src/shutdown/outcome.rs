use std::{
    fmt,
    process::{ExitCode, Termination},
    time::Duration,
};

use super::{HandlerProgress, HandlerState, Reason, WorkProgress};

/// How a shutdown went, and what the process exits with: `main` may return it.
///
/// | exit code | when |
/// |---|---|
/// | 0 | all has ended in time, and well |
/// | 1 | a handler or the server failed or panicked; all has ended in time |
/// | 124 | time was up: work was still in flight, or a handler still ran or never began |
/// | 128 + n | a second signal, of number n, ended the process at once |
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "it holds the exit code: return it from `main`"]
pub struct Outcome {
    /// Why the program shut down.
    pub reason: Reason,
    /// How long it took, from the signal on.
    pub took: Duration,
    /// The handlers, in the order in which they were to run.
    pub handlers: Vec<HandlerProgress>,
    /// What was in flight when its time was up.
    pub unfinished: Vec<WorkProgress>,
    /// The error of what [`run`](super::GracefulShutdown::run) ran, or why no shutdown could be prepared.
    pub error: Option<String>,
}

impl Outcome {
    /// What a process exits with where something failed.
    pub const FAILED: u8 = 1;
    /// What a process exits with whose time was up, as with `timeout` of the shell.
    pub const TIMED_OUT: u8 = 124;

    /// The outcome of a shutdown that could not be prepared.
    pub(super) fn refused(error: impl fmt::Display) -> Self {
        Self {
            reason: Reason::Ended,
            took: Duration::ZERO,
            handlers: Vec::new(),
            unfinished: Vec::new(),
            error: Some(error.to_string()),
        }
    }

    /// Whether all has ended in time, and well.
    pub fn is_clean(&self) -> bool {
        self.code() == 0
    }

    /// The names of what had not ended when its time was up: handlers and work.
    pub fn still_running(&self) -> Vec<&str> {
        let work = self.unfinished.iter().map(|work| work.name.as_str());
        let handlers = self.handlers.iter().filter(|handler| {
            matches!(handler.state, HandlerState::TimedOut | HandlerState::NotRun | HandlerState::Running)
        });
        work.chain(handlers.map(|handler| handler.name.as_str())).collect()
    }

    /// The exit code as a number.
    pub fn code(&self) -> u8 {
        let has_failed = |handler: &HandlerProgress| {
            matches!(handler.state, HandlerState::Failed(_) | HandlerState::Panicked(_))
        };
        if !self.still_running().is_empty() {
            Self::TIMED_OUT
        } else if self.error.is_some() || self.handlers.iter().any(has_failed) {
            Self::FAILED
        } else {
            0
        }
    }

    /// The exit code.
    pub fn exit_code(&self) -> ExitCode {
        self.code().into()
    }
}

impl Termination for Outcome {
    fn report(self) -> ExitCode {
        self.exit_code()
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.exit_code()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shut down after {:.1?} ({}), exit code {}", self.took, self.reason, self.code())?;
        let still_running = self.still_running();
        if !still_running.is_empty() {
            write!(f, "; did not end: {}", still_running.join(", "))?;
        }
        Ok(())
    }
}
