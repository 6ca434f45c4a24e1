use std::{fmt, panic::Location};

/// Where in the source something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    file: &'static str,
    line: u32,
}

impl Place {
    #[doc(hidden)]
    pub const fn new(file: &'static str, line: u32) -> Self {
        Self { file, line }
    }

    #[track_caller]
    pub(super) fn of_caller() -> Self {
        let caller = Location::caller();
        Self::new(caller.file(), caller.line())
    }

    /// The source file.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The line in that file.
    pub const fn line(&self) -> u32 {
        self.line
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
