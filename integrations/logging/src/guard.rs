use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use mainstay_runtime::shutdown::{self, FlushHook, Telemetry};

use crate::{LoggingError, pipeline::Core};

/// Keeps logging going. Dropping it writes what is still on its way, for as long as the deadline lets it (5 s).
///
/// Lines that are logged later are still written, by the thread that logs them.
#[derive(Debug)]
#[must_use = "lines that are on their way when the program ends are lost without it: keep it in `main`"]
pub struct LoggingGuard {
    handle: LoggingHandle,
    deadline: Duration,
    problems: Vec<LoggingError>,
    is_closed: bool,
    /// Writes what is left at the end of a shutdown.
    _at_shutdown: FlushHook,
}

/// Steers logging while it runs. Cloning it copies a pointer.
#[derive(Clone)]
pub struct LoggingHandle {
    pub(crate) core: Arc<Core>,
}

/// What became of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flushed {
    /// How many were written, counted once for each place.
    pub written: u64,
    /// How many were lost since the beginning: the queue was full, the place failed, or the deadline came.
    pub lost: u64,
}

impl LoggingGuard {
    pub(crate) fn new(core: Arc<Core>, deadline: Duration, problems: Vec<LoggingError>) -> Self {
        let handle = LoggingHandle { core };
        let flushed = handle.clone();
        let at_shutdown = shutdown::on_flush("logs", Telemetry::Logs, move |within| flushed.flush(within));
        Self { handle, deadline, problems, is_closed: false, _at_shutdown: at_shutdown }
    }

    /// The variables of the environment that made no sense and were passed over. They are logged too.
    pub fn problems(&self) -> &[LoggingError] {
        &self.problems
    }

    /// A handle that can go elsewhere, such as to a signal's handler.
    pub fn handle(&self) -> LoggingHandle {
        self.handle.clone()
    }

    /// Ends the threads that write, within `deadline`, and tells what was lost.
    pub fn shutdown(mut self, deadline: Duration) -> Flushed {
        self.close(deadline)
    }

    fn close(&mut self, deadline: Duration) -> Flushed {
        self.is_closed = true;
        self.core.close(deadline);
        let Flushed { written, lost } = self.count();
        let waiting: u64 = self.core.sinks().iter().map(|sink| sink.queue.waiting()).sum();
        Flushed { written, lost: lost + waiting }
    }
}

impl Deref for LoggingGuard {
    type Target = LoggingHandle;

    fn deref(&self) -> &LoggingHandle {
        &self.handle
    }
}

impl Drop for LoggingGuard {
    fn drop(&mut self) {
        if !self.is_closed {
            let _ = self.close(self.deadline);
        }
    }
}

impl LoggingHandle {
    /// Changes what is logged from now on: a level, or directives such as `info,hyper=warn`.
    ///
    /// # Errors
    /// What is no level. Nothing changes then.
    pub fn set_level(&self, level: &str) -> Result<(), LoggingError> {
        self.core.switch.set(level)?;
        self.sync_log();
        Ok(())
    }

    /// What is logged now, as directives.
    pub fn level(&self) -> String {
        self.core.switch.level()
    }

    /// Waits until all that was logged before is written, for `within` at most; whether it was. For programs that end
    /// without dropping the guard.
    pub fn flush(&self, within: Duration) -> bool {
        self.core.flush(within)
    }

    /// How many lines were written and lost so far.
    pub fn count(&self) -> Flushed {
        let sinks = self.core.sinks();
        let sum = |count: fn(&crate::output::Queue) -> u64| sinks.iter().map(|sink| count(&sink.queue)).sum();
        Flushed { written: sum(|queue| queue.written()), lost: sum(|queue| queue.lost()) }
    }

    /// Tells the crate `log` how much is wanted.
    pub(crate) fn sync_log(&self) {
        use tracing_log::AsLog;
        tracing_log::log::set_max_level(tracing::level_filters::LevelFilter::current().as_log());
    }
}

impl fmt::Debug for LoggingHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Core { service, environment, .. } = &*self.core;
        f.debug_struct("LoggingHandle")
            .field("service", service)
            .field("environment", environment)
            .field("level", &self.level())
            .field("count", &self.count())
            .finish()
    }
}
