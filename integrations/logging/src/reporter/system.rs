use std::{
    fmt::{self, Display},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tracing::{Level, level_filters::LevelFilter};

use crate::{
    Environment, Json, LogFile, Logging, LoggingError, LoggingGuard, Pretty,
    environment::Variables,
    filter::REPORTER,
    format::Format,
    install,
    origin::{self, Origin},
    pipeline::Core,
};

/// Reports what a system does, on the console and in a file of its own.
///
/// | verbosity | on the console |
/// |---|---|
/// | 0 | errors |
/// | 1 | and warnings, successes and infos |
/// | 2 | and debug lines |
/// | 3 | and the debug lines of all other code, where the reporter set logging up |
///
/// Its file, `{log_dir}/{name}.log`, takes all of the reporter's lines, whatever the verbosity, and is rotated as
/// [`LogFile`] says. If the program has no logging yet, the reporter sets it up.
///
/// ```
/// use mainstay_logging::{Emoji, SystemReporter};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let log_dir = folder.path();
/// let reporter = SystemReporter::new("prophet", log_dir, 1)?;
/// reporter.context("Service").info(format!("{} Operation completed", Emoji::SUCCESS));
/// reporter.error("Operation failed");
/// # Ok::<(), mainstay_logging::LoggingError>(())
/// ```
pub struct SystemReporter {
    name: Arc<str>,
    verbose: u8,
    id: u64,
    core: Arc<Core>,
    /// Of the logging that was set up because there was none.
    _guard: Option<LoggingGuard>,
}

/// How many bytes of lines may wait for a reporter's file.
const CAPACITY: usize = 4 << 20;
/// How long a reporter that is dropped waits for its file.
const DEADLINE: Duration = Duration::from_secs(5);

impl SystemReporter {
    /// A reporter of that name, with its file in `log_dir` and a verbosity of 0 to 3; more is 3.
    ///
    /// # Errors
    /// The file cannot be written, or another subscriber of `tracing` is there already, and it is not ours.
    pub fn new(name: &str, log_dir: impl AsRef<Path>, verbose: u8) -> Result<Self, LoggingError> {
        // The file first: without it nothing else is changed.
        let file = install::open(LogFile::of_service(log_dir, name))?;
        let (core, guard) = match install::current() {
            Some(core) => (core, None),
            None => {
                let level = ["error", "warn", "info", "debug"][usize::from(verbose.min(3))];
                let guard = Logging::service(name).level(level).install()?;
                (Arc::clone(&guard.core), Some(guard))
            }
        };
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Relaxed);
        let format: Arc<dyn Format> = match Environment::of(&Variables::Process).is_served() {
            true => Arc::new(Json::default()),
            false => Arc::new(Pretty::new(false)),
        };
        core.add(install::sink(&core, file, format, CAPACITY, false, Some(id)));
        core.switch.add_decider();
        Ok(Self { name: name.into(), verbose: verbose.min(3), id, core, _guard: guard })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its verbosity, 0 to 3.
    pub const fn verbose(&self) -> u8 {
        self.verbose
    }

    /// The same reporter for one part of the system, which its lines name.
    pub const fn context<'r>(&'r self, context: &'r str) -> InContext<'r> {
        InContext { reporter: self, context: Some(context) }
    }

    const fn plain(&self) -> InContext<'_> {
        InContext { reporter: self, context: None }
    }

    /// Something to know.
    pub fn info(&self, message: impl Display) {
        self.plain().info(message);
    }

    /// Something went well.
    pub fn success(&self, message: impl Display) {
        self.plain().success(message);
    }

    /// Something went on, but not as it should.
    pub fn warning(&self, message: impl Display) {
        self.plain().warning(message);
    }

    /// Something failed.
    pub fn error(&self, message: impl Display) {
        self.plain().error(message);
    }

    /// Something to find a fault with.
    pub fn debug(&self, message: impl Display) {
        self.plain().debug(message);
    }

    /// Waits until all that was reported is written, for `within` at most; whether it was.
    pub fn flush(&self, within: Duration) -> bool {
        self.core.flush(within)
    }
}

impl Drop for SystemReporter {
    fn drop(&mut self) {
        if let Some(sink) = self.core.remove(self.id) {
            sink.queue.close(Instant::now() + DEADLINE);
        }
        self.core.switch.remove_decider();
    }
}

impl fmt::Debug for SystemReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemReporter")
            .field("name", &self.name)
            .field("verbose", &self.verbose)
            .finish_non_exhaustive()
    }
}

/// A [`SystemReporter`] that speaks of one part of the system.
#[derive(Debug, Clone, Copy)]
pub struct InContext<'r> {
    reporter: &'r SystemReporter,
    context: Option<&'r str>,
}

macro_rules! line {
    ($self:ident, $level:ident, $message:ident) => {
        tracing::$level!(
            target: REPORTER,
            reporter = &*$self.reporter.name,
            context = $self.context,
            "{}", $message
        )
    };
}

impl InContext<'_> {
    fn report(&self, level: Level, is_success: bool, log: impl FnOnce()) {
        let shown = [LevelFilter::ERROR, LevelFilter::INFO, LevelFilter::DEBUG, LevelFilter::DEBUG];
        let on_console = level <= shown[usize::from(self.reporter.verbose)];
        let reporter = Some((self.reporter.id, on_console));
        origin::with(Origin { reporter, is_success, is_decided: true, service: None }, log);
    }

    /// Something to know.
    pub fn info(&self, message: impl Display) {
        self.report(Level::INFO, false, || line!(self, info, message));
    }

    /// Something went well.
    pub fn success(&self, message: impl Display) {
        self.report(Level::INFO, true, || line!(self, info, message));
    }

    /// Something went on, but not as it should.
    pub fn warning(&self, message: impl Display) {
        self.report(Level::WARN, false, || line!(self, warn, message));
    }

    /// Something failed.
    pub fn error(&self, message: impl Display) {
        self.report(Level::ERROR, false, || line!(self, error, message));
    }

    /// Something to find a fault with.
    pub fn debug(&self, message: impl Display) {
        self.report(Level::DEBUG, false, || line!(self, debug, message));
    }
}
