use std::{fmt, io, path::PathBuf};

/// Why logging could not be set up, or a level could not be set.
#[non_exhaustive]
pub enum LoggingError {
    /// A level that is none.
    #[non_exhaustive]
    Level {
        /// Where it stands: the name of a variable, or `level`.
        place: String,
        /// What stands there.
        found: String,
        /// The part of it that is wrong, and what to write.
        problem: String,
    },
    /// A log file that cannot be written.
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another subscriber of `tracing` is there already.
    AlreadyInstalled,
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for LoggingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LoggingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level { place, found, problem } => write!(f, "`{place}` is {found:?}: {problem}"),
            Self::File { path, error } => {
                write!(f, "the log file {} cannot be written: {error}; ", path.display())?;
                f.write_str("make its folder writable, or name another one")
            }
            Self::AlreadyInstalled => f.write_str(
                "this program has a tracing subscriber already; install logging before it, or add `Logging::layer` to it",
            ),
        }
    }
}

impl std::error::Error for LoggingError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { error, .. } => Some(error),
            _ => None,
        }
    }
}
