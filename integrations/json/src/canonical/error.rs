use std::{error::Error, fmt};

use serde::ser;

/// What in a value cannot be written, and where.
#[derive(Debug)]
pub(crate) struct CanonicalError {
    problem: String,
    /// The names and numbers that lead there, the innermost first.
    path: Vec<String>,
}

impl CanonicalError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), path: Vec::new() }
    }

    /// The same, found inside the member of this name, or the element of this number.
    #[cold]
    pub(super) fn inside(mut self, place: impl fmt::Display) -> Self {
        self.path.push(place.to_string());
        self
    }
}

impl fmt::Display for CanonicalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)?;
        if self.path.is_empty() {
            return Ok(());
        }
        let path: Vec<&str> = self.path.iter().rev().map(String::as_str).collect();
        write!(f, " (at `{}`)", path.join("."))
    }
}

impl Error for CanonicalError {}

impl ser::Error for CanonicalError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }
}
