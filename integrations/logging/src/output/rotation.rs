use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// A file that lines are written to, and when it gives way to a new one.
///
/// By default it does at 64 MiB and each day, and 14 old ones are kept. `service.log` is the file that is written; when it is
/// full it is renamed to `service.20261121T144229.123Z.log`, by the time in UTC.
///
/// ```
/// use mainstay_logging::{Every, LogFile};
///
/// let file = LogFile::new("/var/log/prophet/prophet.log").max_bytes(10 << 20).every(Every::Hour).keep(48);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogFile {
    pub(super) path: PathBuf,
    pub(super) max_bytes: Option<u64>,
    pub(super) every: Option<Every>,
    pub(super) keep: Option<usize>,
    pub(super) max_age: Option<Duration>,
}

/// How long a file is written to, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight.
    Day,
}

impl Every {
    /// The number of the hour or the day in which `time` lies.
    pub(super) fn period(self, time: SystemTime) -> u64 {
        let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        match self {
            Self::Hour => seconds / 3600,
            Self::Day => seconds / 86_400,
        }
    }
}

impl LogFile {
    /// The file at `path`. Its folder is made if it is not there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            max_bytes: Some(64 << 20),
            every: Some(Every::Day),
            keep: Some(14),
            max_age: None,
        }
    }

    /// The file of a service in a folder: `{folder}/{service}.log`.
    pub fn of_service(folder: impl AsRef<Path>, service: &str) -> Self {
        // No part of a path, whatever the service is called.
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let name: String = service.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        Self::new(folder.as_ref().join(format!("{name}.log")))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It gives way before it has more than so many bytes, unless a single line has (default 64 MiB).
    #[must_use]
    pub const fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// It gives way when the hour or the day is over (default [`Every::Day`]).
    #[must_use]
    pub const fn every(mut self, period: Every) -> Self {
        self.every = Some(period);
        self
    }

    /// It never gives way: somebody else rotates it. A file that is moved away or removed is made anew in any case.
    #[must_use]
    pub const fn never_rotated(mut self) -> Self {
        (self.max_bytes, self.every) = (None, None);
        self
    }

    /// How many old files are kept (default 14).
    #[must_use]
    pub const fn keep(mut self, files: usize) -> Self {
        self.keep = Some(files);
        self
    }

    /// Old files are removed after so long (default never). Looked at when a file gives way and when logging starts.
    #[must_use]
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// All old files are kept, as far as [`max_age`](Self::max_age) lets them.
    #[must_use]
    pub const fn keep_all(mut self) -> Self {
        self.keep = None;
        self
    }
}
