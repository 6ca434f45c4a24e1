use std::{error::Error as StdError, fmt, sync::Arc};

use super::CodecError;

/// What a policy does where its store cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStoreError {
    /// The call is refused: nothing runs that the store does not know of.
    Closed,
    /// The call runs as if there were no policy, and the event is reported.
    Open,
}

impl fmt::Display for OnStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
        })
    }
}

/// A store that could not do what it was asked.
///
/// It says which store, what it was asked, what went wrong and what helps. Cloning shares the source.
#[derive(Debug, Clone)]
pub struct StoreError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: StoreErrorKind,
    store: String,
    operation: &'static str,
    problem: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What went wrong, as far as a caller can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The server cannot be reached, has cut the connection or is not ready.
    Unavailable,
    /// The store did not answer in time. What was asked may have been done.
    TimedOut,
    /// The store answered that it will not: wrong credentials, no permission, read-only, out of memory.
    Refused,
    /// A bounded store is full.
    Full,
    /// What was kept under the key cannot be read as what is asked for, or the value cannot be written.
    Codec,
    /// The store holds what this version cannot work with, such as missing migrations.
    Incompatible,
}

impl StoreErrorKind {
    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::Full => "full",
            Self::Codec => "codec",
            Self::Incompatible => "incompatible",
        }
    }
}

impl StoreError {
    /// `store` as [`Store::describe`](super::Store::describe) has it, `operation` a verb such as `reserve`, `problem` a
    /// sentence that says what is wrong and what helps.
    pub fn new(
        kind: StoreErrorKind,
        store: impl Into<String>,
        operation: &'static str,
        problem: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Inner { kind, store: store.into(), operation, problem: problem.into(), source: None }))
    }

    /// The same with the error that told it.
    pub fn because(
        kind: StoreErrorKind,
        store: impl Into<String>,
        operation: &'static str,
        problem: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let (store, problem, source) = (store.into(), problem.into(), Some(source.into()));
        Self(Arc::new(Inner { kind, store, operation, problem, source }))
    }

    /// A value that the store's codec could not write or read.
    pub fn codec(store: impl Into<String>, operation: &'static str, error: CodecError) -> Self {
        let problem = error.to_string();
        Self::because(StoreErrorKind::Codec, store, operation, problem, error)
    }

    /// What went wrong.
    pub fn kind(&self) -> StoreErrorKind {
        self.0.kind
    }

    /// The store, as it describes itself.
    pub fn store(&self) -> &str {
        &self.0.store
    }

    /// What it was asked to do.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// What is wrong, and what helps.
    pub fn problem(&self) -> &str {
        &self.0.problem
    }
}

/// Errors are equal if they say the same.
impl PartialEq for StoreError {
    fn eq(&self, other: &Self) -> bool {
        let said =
            |error: &Self| (error.0.kind, error.0.store.clone(), error.0.operation, error.0.problem.clone());
        Arc::ptr_eq(&self.0, &other.0) || said(self) == said(other)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { store, operation, problem, .. } = &*self.0;
        write!(f, "{store} could not {operation}: {problem}")
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_error_names_the_store_the_step_and_the_problem_and_keeps_its_source() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = StoreError::because(
            StoreErrorKind::Unavailable,
            "redis at 127.0.0.1:6379",
            "reserve",
            "connection refused; is the server running?",
            refused,
        );
        assert_eq!(
            error.to_string(),
            "redis at 127.0.0.1:6379 could not reserve: connection refused; is the server running?"
        );
        assert!(error.source().is_some());
        assert_eq!(error, error.clone());
    }
}
