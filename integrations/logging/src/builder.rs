use std::{io::Write, time::Duration};

use crate::{
    Console, Environment, Format, LogFile, Pretty,
    environment::Variables,
    output::{Full, Output, Stream},
    redact::Redactor,
};

/// Sets logging up: what is logged, how and where.
///
/// ```
/// use mainstay_logging::Logging;
///
/// # let folder = tempfile::tempdir().unwrap();
/// let logging = Logging::service("prophet").level("info,hyper=warn").log_dir(folder.path()).install()?;
/// tracing::info!(order = 7, "charged");
/// logging.set_level("debug")?;
/// # Ok::<(), mainstay_logging::LoggingError>(())
/// ```
#[must_use = "`install` makes it the program's logging"]
pub struct Logging {
    pub(crate) service: String,
    pub(crate) level: String,
    pub(crate) environment: Option<Environment>,
    pub(crate) is_json: Option<bool>,
    pub(crate) colours: Option<bool>,
    pub(crate) pretty: Pretty,
    pub(crate) console: Option<Console>,
    pub(crate) file: Option<LogFile>,
    pub(crate) outputs: Vec<(Box<dyn Output>, Box<dyn Format>)>,
    pub(crate) redactor: Redactor,
    pub(crate) sampling: Option<(u32, Duration)>,
    pub(crate) capacity: usize,
    pub(crate) full: Full,
    pub(crate) deadline: Duration,
    pub(crate) bridges_log: bool,
    pub(crate) variables: Variables,
}

/// The smallest queue, in bytes.
const SMALLEST: usize = 4 * 1024;

impl Logging {
    /// The logging of the service of that name: to the standard output, from `info` on.
    pub fn service(name: impl Into<String>) -> Self {
        Self {
            service: name.into(),
            level: "info".into(),
            environment: None,
            is_json: None,
            colours: None,
            pretty: Pretty::default(),
            console: Some(Console::Stdout),
            file: None,
            outputs: Vec::new(),
            redactor: Redactor::default(),
            sampling: None,
            capacity: 8 << 20,
            full: Full::Lose,
            deadline: Duration::from_secs(5),
            bridges_log: true,
            variables: Variables::Process,
        }
    }

    /// What is logged unless `{SERVICE}_LOG_LEVEL` or `LOG_LEVEL` says otherwise (default `info`): a level, or directives
    /// of `tracing-subscriber` such as `info,hyper=warn`.
    pub fn level(mut self, level: impl Into<String>) -> Self {
        self.level = level.into();
        self
    }

    /// Where the service runs (default: what `APP_ENV` or `ENVIRONMENT` says).
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// One JSON object a line (default in production and staging).
    pub fn json(mut self) -> Self {
        self.is_json = Some(true);
        self
    }

    /// Lines to be read by people (default elsewhere).
    pub fn pretty(mut self) -> Self {
        self.is_json = Some(false);
        self
    }

    /// Gives readable lines the time of the machine's zone, by `TZ` or `/etc/localtime` (default: UTC). Lines of JSON have UTC.
    #[cfg(feature = "local-time")]
    pub fn local_time(mut self) -> Self {
        self.pretty = self.pretty.local_time();
        self
    }

    /// Whether the console shows colours (default: by `NO_COLOR`, `CLICOLOR_FORCE`, `FORCE_COLOR`, and whether it is a
    /// terminal).
    pub fn colours(mut self, colours: bool) -> Self {
        self.colours = Some(colours);
        self
    }

    /// Which stream of the process is written to (default [`Console::Stdout`]).
    pub fn console(mut self, console: Console) -> Self {
        self.console = Some(console);
        self
    }

    /// Writes to no stream of the process.
    pub fn no_console(mut self) -> Self {
        self.console = None;
        self
    }

    /// Writes to a file too, in the same format as to the console and without colours.
    pub fn file(mut self, file: LogFile) -> Self {
        self.file = Some(file);
        self
    }

    /// Writes to `{folder}/{service}.log` too, rotated as [`LogFile`] says.
    pub fn log_dir(self, folder: impl AsRef<std::path::Path>) -> Self {
        let file = LogFile::of_service(folder, &self.service);
        self.file(file)
    }

    /// Writes to a place of your own too, in a format of your own. It is used by one thread.
    pub fn output(mut self, writer: impl Write + Send + 'static, format: impl Format) -> Self {
        self.outputs.push((Box::new(Stream(writer)), Box::new(format)));
        self
    }

    /// Replaces the values of fields too whose names contain this, whatever the case and the marks between words.
    pub fn redact(mut self, name: &str) -> Self {
        self.redactor.names.add(name);
        self
    }

    /// Keeps the values of fields of this name, which would be taken for a secret.
    pub fn show(mut self, name: &str) -> Self {
        self.redactor.names.allow(name);
        self
    }

    /// Replaces this text wherever it stands, such as a password that was read from the configuration. At least 4 bytes.
    pub fn hide(mut self, secret: impl Into<String>) -> Self {
        self.redactor.hide(secret.into());
        self
    }

    /// Replaces words of 64 and more hexadecimal digits and of 80 to 90 letters of base 58 too: private keys, but also
    /// hashes and the signatures of transactions (default off).
    pub fn redact_long_keys(mut self) -> Self {
        self.redactor.rules.long_keys = true;
        self
    }

    /// Replaces nothing.
    pub fn without_redaction(mut self) -> Self {
        self.redactor.turn_off();
        self
    }

    /// Of the lines of one place in the source, writes the first so many in each `interval`, then one that says how often
    /// it was repeated (default: all lines are written).
    pub fn sample(mut self, first: u32, interval: Duration) -> Self {
        self.sampling = Some((first, interval));
        self
    }

    /// How many bytes may wait for each place (default 8 MiB, at least 4 KiB). The last eighth is kept for warnings and
    /// errors. What does not fit is lost, counted, and told in the log.
    pub fn capacity(mut self, bytes: usize) -> Self {
        self.capacity = bytes.max(SMALLEST);
        self
    }

    /// Lets calls wait for a place that is slower than they are, so that no line is lost.
    pub fn wait_when_full(mut self) -> Self {
        self.full = Full::Wait;
        self
    }

    /// How long the guard waits for what is still on its way when it is dropped (default 5 s).
    pub fn flush_within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Leaves alone what is logged through the crate `log` (default: it is logged here).
    pub fn without_log(mut self) -> Self {
        self.bridges_log = false;
        self
    }

    /// Reads these variables in place of the environment of the process.
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let pairs = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.variables = Variables::Given(pairs.collect());
        self
    }
}

impl std::fmt::Debug for Logging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logging")
            .field("service", &self.service)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
